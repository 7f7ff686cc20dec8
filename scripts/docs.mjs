// npm run docs: makes the generated parts of doc/ anew; a test holds them against what is committed.
import { buildBundles } from './build.mjs';
import { bundleAndRun } from './bundle-and-run.mjs';

// The command is asked for its help.
await buildBundles();
process.exitCode = await bundleAndRun('test/docs/main.ts', []);
