// npm run bench: builds the command, then measures it and the engine; `npm run bench -- editor` measures a real VS Code.
import { buildBundles } from './build.mjs';
import { bundleAndRun } from './bundle-and-run.mjs';

await buildBundles();
process.exitCode = process.argv.includes('editor')
  ? await bundleAndRun('test/bench/editor.ts', [], { external: ['playwright-core', '@vscode/test-electron'] })
  : await bundleAndRun('test/bench/bench.ts', process.argv.slice(2));
