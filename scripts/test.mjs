// Runs the tests: bundles every test file with esbuild, then hands them to Node's own runner.
//   npm test                  everything
//   npm test -- replay        only files whose path contains "replay"
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { buildBundles } from './build.mjs';
import { askToInstall } from './consent.mjs';
import { installPackages, root } from './setup.mjs';
import { testEditor } from './test-editor.mjs';

installPackages();
const { build } = await import('esbuild');
const wanted = process.argv.slice(2);
const out = path.join(root, '.build', 'test');
const files = readdirSync(path.join(root, 'test'), { recursive: true })
  .map(String)
  .filter(file => file.endsWith('.test.ts') && wanted.every(word => file.includes(word)));
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(' ')}`);
  process.exit(2);
}
const agreement = path.join(root, '.build', 'agreement.txt');
const leftOut = path.join(root, '.build', 'left-out.txt');
rmSync(out, { recursive: true, force: true });
rmSync(agreement, { force: true });
rmSync(leftOut, { force: true });
await askToInstall('QEMU, kmod, compilers and Chromium, which some tests need,');
await Promise.all([
  buildBundles(),
  build({
    entryPoints: files.map(file => path.join(root, 'test', file)),
    outdir: out,
    outbase: path.join(root, 'test'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    logLevel: 'warning',
    define: { 'process.env.INSMOD_LENS_ROOT': JSON.stringify(root) },
  }),
]);
const bundled = files.map(file => path.join(out, file.replace(/\.ts$/, '.js')));
// Node's own choice leaves one of two cores idle.
const concurrency = `--test-concurrency=${availableParallelism()}`;
const run = spawnSync(process.execPath, ['--enable-source-maps', '--test', concurrency, ...bundled], {
  stdio: 'inherit',
  cwd: root,
});
// The suites inside real editors belong to a whole run; on their own: npm run test:editor.
const editor = wanted.length === 0 ? await testEditor([]) : 0;
// How the engine fared against each recorded kernel: written by test/kernel/replay.test.ts.
if (existsSync(agreement)) console.log(readFileSync(agreement, 'utf8'));
// What this machine could not run, and how to have it: noted by test/support/leftOut.ts.
if (existsSync(leftOut)) {
  const lines = new Set(readFileSync(leftOut, 'utf8').trim().split('\n'));
  console.log(`\nLeft out here:\n${[...lines].map(line => `  ${line}`).join('\n')}`);
} else if (wanted.length === 0) console.log('\nNothing was left out.');
process.exit((run.status ?? 1) || editor);
