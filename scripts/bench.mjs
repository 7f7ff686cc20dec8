// npm run bench: builds the command, then measures it and the engine.
import { buildBundles } from './build.mjs';
import { bundleAndRun } from './bundle-and-run.mjs';

await buildBundles();
process.exitCode = await bundleAndRun('test/bench/bench.ts', process.argv.slice(2));
