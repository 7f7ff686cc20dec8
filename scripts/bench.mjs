// npm run bench: builds the command, then measures it and the engine; `npm run bench -- editor` measures a real VS Code, and
// `npm run bench -- ratios` the command beside other programs.
import { buildBundles } from './build.mjs';
import { bundleAndRun } from './bundle-and-run.mjs';

await buildBundles();
const [what = '', ...more] = process.argv.slice(2);
if (what === 'editor')
  process.exitCode = await bundleAndRun('test/bench/editor.ts', [], {
    external: ['playwright-core', '@vscode/test-electron'],
  });
else if (what === 'ratios') process.exitCode = await bundleAndRun('test/bench/ratios.ts', more);
else {
  process.exitCode = await bundleAndRun('test/bench/bench.ts', process.argv.slice(2));
  process.exitCode ||= await bundleAndRun('test/bench/ratios.ts', more);
}
