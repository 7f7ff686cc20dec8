// npm run test:editor: bundles the extension and its editor suites, then runs them in real VS Codes.
import { chmodSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundles } from './build.mjs';
import { bundleAndRun } from './bundle-and-run.mjs';
import { installPackages, root } from './setup.mjs';

const EXTERNAL = { external: ['playwright-core', '@vscode/test-electron'] };

/** Runs the editor suites; the exit status of the run. */
export async function testEditor(args) {
  installPackages();
  if (args[0] === 'prepare') return bundleAndRun('test/editor/run.ts', args, EXTERNAL);
  const { build } = await import('esbuild');
  const out = path.join(root, '.build', 'editor');
  const suites = readdirSync(path.join(root, 'test/editor/suite')).filter(file => file.endsWith('.ts'));
  const node = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' };
  await Promise.all([
    buildBundles(),
    build({
      ...node,
      entryPoints: suites.map(file => path.join(root, 'test/editor/suite', file)),
      outdir: path.join(out, 'suite'),
      // Mocha loads its parts by name, and the editor supplies its own interface.
      external: ['vscode', 'mocha'],
      sourcemap: 'inline',
    }),
    build({
      ...node,
      entryPoints: [path.join(root, 'test/editor/lib/launcher.ts')],
      outfile: path.join(out, 'launcher.js'),
      external: ['playwright-core'],
    }),
    build({
      ...node,
      platform: 'browser',
      entryPoints: [path.join(root, 'test/editor/web/virtualFiles.ts')],
      outdir: path.join(out, 'web'),
      external: ['vscode'],
    }),
  ]);
  chmodSync(path.join(out, 'launcher.js'), 0o755);
  return bundleAndRun('test/editor/run.ts', args, EXTERNAL);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await testEditor(process.argv.slice(2));
