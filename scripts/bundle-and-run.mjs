// Bundles a TypeScript program of the tests and runs it with the remaining arguments.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installPackages, root } from './setup.mjs';

/** Runs `entry` (relative to the repository) and returns its exit status. */
export async function bundleAndRun(entry, args, { external = [] } = {}) {
  installPackages();
  const { build } = await import('esbuild');
  const outfile = path.join(root, '.build', `${path.basename(entry, '.ts')}.cjs`);
  await build({
    entryPoints: [path.join(root, entry)],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outfile,
    sourcemap: 'inline',
    logLevel: 'warning',
    external,
  });
  const run = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...args], { cwd: root, stdio: 'inherit' });
  return run.status ?? 1;
}
