// Bundles the real-kernel suite and runs it: npm run test:kernel -- 6.1 6.12 7.2 5.10
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installPackages, root } from './setup.mjs';

installPackages();
const { build } = await import('esbuild');
const outfile = path.join(root, '.build', 'test-kernel.cjs');
await build({
  entryPoints: [path.join(root, 'test/kernel/lib/main.ts')],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  outfile,
  sourcemap: 'inline',
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = run.status ?? 1;
