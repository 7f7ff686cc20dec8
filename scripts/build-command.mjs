// Bundles the command: dist/cli.js, which starts it, and dist/command.js, which is it.
import { createHash } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

/** Stands in the program for its digest, until that is known. */
const DIGEST = '@digest-of-this-build@';

/**
 * What esbuild says of the build. Not split into files: what a command does not need is not run either way, and with its compiled
 * code in the cache it is not even compiled, while the seams between files take time at every start.
 *
 * @param out the place of a file of dist/
 * @param common options of all bundles for Node.js
 */
export async function buildCommand(out, common, version, plugins) {
  const { build } = await import('esbuild');
  const bundle = (entry, outfile, digest, options) =>
    build({
      ...common,
      entryPoints: [path.join(root, entry)],
      outfile: out(outfile),
      minify: true,
      define: { __VERSION__: JSON.stringify(version), __BUILD__: JSON.stringify(digest) },
      ...options,
    });
  const command = await bundle('src/host/cli/main.ts', 'command.js', DIGEST, {
    write: false,
    plugins,
    // import() becomes require(), so that a script that is run with its compiled code needs no loader of ES modules.
    supported: { 'dynamic-import': false },
  });
  const [{ path: file, text }] = command.outputFiles;
  const digest = createHash('sha256').update(text).digest('hex');
  writeFileSync(file, text.replaceAll(DIGEST, digest));
  const launcher = await bundle('src/host/cli/launch.ts', 'cli.js', digest, { banner: { js: '#!/usr/bin/env node' } });
  chmodSync(out('cli.js'), 0o755);
  return { metafile: { inputs: { ...command.metafile.inputs, ...launcher.metafile.inputs } } };
}
