// Runs the tests: bundles every test file with esbuild, then hands them to Node's own runner.
//   npm test                  everything
//   npm test -- replay linux  only files whose path contains "replay" or "linux"
//   npm test -- --no-editor   everything but the suites inside real editors
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildBundles } from './build.mjs';
import { askToInstall } from './consent.mjs';
import { installPackages, root } from './setup.mjs';
import { testEditor } from './test-editor.mjs';

installPackages();
const { build } = await import('esbuild');
/** Files that get a process of their own. */
const ALONE =
  /^(?:docs|fuzz|growth|host.(?:cli|node|web|extension.(?:boot|fetch))|kernel|package|repository|sample|tools|webview)/;
const words = process.argv.slice(2);
const wanted = words.filter(word => word !== '--no-editor');
const out = path.join(root, '.build', 'test');
const files = readdirSync(path.join(root, 'test'), { recursive: true })
  .map(String)
  .filter(file => file.endsWith('.test.ts') && (wanted.length === 0 || wanted.some(word => file.includes(word))));
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(' ')}`);
  process.exit(2);
}
const agreement = path.join(root, '.build', 'agreement.txt');
const leftOut = path.join(root, '.build', 'left-out.txt');
const failed = path.join(root, '.build', 'failed.txt');
rmSync(out, { recursive: true, force: true });
rmSync(agreement, { force: true });
rmSync(leftOut, { force: true });
rmSync(failed, { force: true });
const entries = entriesOf(files);
await askToInstall('QEMU, kmod, compilers and Chromium, which some tests need,');
await Promise.all([
  buildBundles(),
  build({
    entryPoints: entries,
    outdir: out,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    // Node reads the whole map of each file before its first test; names and lines are all that is asked of it.
    sourcesContent: false,
    logLevel: 'warning',
    define: { 'process.env.INSMOD_LENS_ROOT': JSON.stringify(root) },
  }),
]);
// Editors are installed meanwhile, which waits for the network more than it works.
const prepare = [path.join(root, 'scripts', 'test-editor.mjs'), 'prepare'];
const prepared = words.length === 0 && once(spawn(process.execPath, prepare, { stdio: 'ignore' }), 'close');
const bundled = Object.keys(entries).map(name => path.join(out, `${name}.js`));
// Node's own choice leaves one of two cores idle.
const concurrency = `--test-concurrency=${availableParallelism()}`;
const reporters = [
  '--test-reporter=tap',
  '--test-reporter-destination=stdout',
  `--test-reporter=${pathToFileURL(path.join(root, 'scripts', 'failures.mjs'))}`,
  `--test-reporter-destination=${failed}`,
];
const run = spawnSync(process.execPath, ['--enable-source-maps', '--test', concurrency, ...reporters, ...bundled], {
  stdio: 'inherit',
  cwd: root,
});
await prepared;
// The suites inside real editors belong to a whole run; on their own: npm run test:editor.
const editor = words.length === 0 ? await testEditor([]) : 0;
// How the engine fared against each recorded kernel: written by test/kernel/replay.test.ts.
if (existsSync(agreement)) console.log(readFileSync(agreement, 'utf8'));
// What this machine could not run, and how to have it: noted by test/support/leftOut.ts.
if (existsSync(leftOut)) {
  const lines = new Set(readFileSync(leftOut, 'utf8').trim().split('\n'));
  console.log(`\nLeft out here:\n${[...lines].map(line => `  ${line}`).join('\n')}`);
} else if (wanted.length === 0) console.log('\nNothing was left out.');
// Last, where they are seen.
const failures = existsSync(failed) ? readFileSync(failed, 'utf8').trim() : '';
const editorFailures = path.join(root, '.build', 'failed-editor.txt');
const inEditor = editor !== 0 && existsSync(editorFailures) ? readFileSync(editorFailures, 'utf8').trim() : '';
if (run.status === null) console.log('\nThe tests did not come to their end.');
if (failures + inEditor !== '')
  console.log(`\nFailed:\n${[failures, inEditor].join('\n').trim().replace(/^/gm, '  ')}`);
process.exit((run.status ?? 1) || editor);

/**
 * What to bundle: files that start programs, or take long, each for itself; of the others those of one folder together. To start a
 * process and to warm up the engine in it takes longer than most of their tests.
 */
function entriesOf(files) {
  const directory = path.join(root, '.build', 'test-groups');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const entries = new Map();
  for (const file of files) {
    const whole = path.join(root, 'test', file);
    if (ALONE.test(file)) {
      entries.set(file.replace(/\.ts$/, ''), whole);
      continue;
    }
    const folder = path.dirname(file).split(path.sep).slice(0, 2).join('-');
    const group = path.join(directory, `${folder}.mjs`);
    entries.set(folder, group);
    appendFileSync(group, `import ${JSON.stringify(whole)};\n`);
  }
  return Object.fromEntries(entries);
}
