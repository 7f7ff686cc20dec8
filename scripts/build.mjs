// Bundles the library, the command, the extension with its worker and its webview into dist/, with the library's type declarations.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCommand } from './build-command.mjs';
import { writePapers } from './papers.mjs';
import { installPackages, root } from './setup.mjs';

// Its CommonJS form: the other one looks for itself by import.meta, which a bundle does not have.
const require = createRequire(import.meta.url);

const node20 = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  minifySyntax: true,
  metafile: true,
};

const bundled = {
  extension: 'src/host/extension/extension.ts',
  worker: 'src/host/extension/worker/main.ts',
};

/**
 * The library that runs the C grammar, and what unpacks kernels and packages, stand once, beside the bundles: few runs need
 * them, and none pays for reading them.
 */
const shareParts = {
  name: 'share-parts',
  setup(build) {
    build.onResolve({ filter: /^web-tree-sitter$/ }, () => ({ path: './web-tree-sitter.js', external: true }));
    build.onResolve({ filter: /\/unpackKernel$/ }, () => ({ path: './unpackKernel.js', external: true }));
    build.onResolve({ filter: /\/kernelPackages$/ }, () => ({ path: './kernelPackages.js', external: true }));
  },
};

/** Builds everything but the type declarations; the names of all files that went into it. */
export async function buildBundles() {
  installPackages();
  const { build } = await import('esbuild');
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const out = name => path.join(root, 'dist', name);
  mkdirSync(out('.'), { recursive: true });
  const built = await Promise.all([
    build({
      ...node20,
      entryPoints: [path.join(root, 'src/index.ts')],
      outfile: out('index.js'),
      sourcemap: true,
      plugins: [shareParts],
    }),
    build({
      ...node20,
      entryPoints: [require.resolve('web-tree-sitter')],
      outfile: out('web-tree-sitter.js'),
      minify: true,
    }),
    build({
      ...node20,
      entryPoints: [path.join(root, 'src/host/node/unpackKernel.ts')],
      outfile: out('unpackKernel.js'),
      minify: true,
    }),
    build({
      ...node20,
      entryPoints: [path.join(root, 'src/host/node/packages/kernelPackages.ts')],
      outfile: out('kernelPackages.js'),
      minify: true,
    }),
    buildCommand(out, node20, version, [shareParts]),
    build({
      ...node20,
      platform: 'browser',
      target: 'es2022',
      entryPoints: [path.join(root, 'src/host/web/extension.ts')],
      outfile: out('browser.js'),
      external: ['vscode'],
      mainFields: ['module', 'main'],
      minify: true,
    }),
    // Only `insmod-lens mcp` loads it.
    build({
      ...node20,
      entryPoints: [path.join(root, 'src/host/mcp/server.ts')],
      outfile: out('mcp.js'),
      minify: true,
      alias: Object.fromEntries(
        ['ajv', 'ajv-formats'].map(name => [name, path.join(root, 'src/host/mcp/noValidator.ts')]),
      ),
    }),
    ...Object.keys(bundled).map(name =>
      build({
        ...node20,
        entryPoints: [path.join(root, bundled[name])],
        outfile: out(`${name}.js`),
        external: ['vscode'],
        plugins: [shareParts],
        minify: true,
        sourcemap: 'linked',
        sourcesContent: false,
      }),
    ),
  ]);
  // Parts are named after their contents: those of an earlier build would stay.
  rmSync(out('webview'), { recursive: true, force: true });
  const webview = await build({
    metafile: true,
    bundle: true,
    platform: 'browser',
    // What the Chromium of the oldest supported editor understands.
    target: 'chrome132',
    format: 'esm',
    // What few people look at first is loaded when they do.
    splitting: true,
    entryPoints: [path.join(root, 'webview/main.ts'), path.join(root, 'webview/main.css')],
    outdir: out('webview'),
    chunkNames: 'part-[hash]',
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  });
  copyGrammar(out('wasm'));
  const inputs = [...built, webview].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writePapers(inputs);
  return inputs;
}

/** The C grammar and the library that runs it; loaded only for modules without debug information. */
export function copyGrammar(directory) {
  mkdirSync(directory, { recursive: true });
  for (const file of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-c/tree-sitter-c.wasm'])
    copyFileSync(path.join(root, 'node_modules', file), path.join(directory, path.basename(file)));
}

export function buildDeclarations() {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(tsc)) throw new Error('typescript is not installed');
  execFileSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.declarations.json')], { stdio: 'inherit' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildBundles();
  buildDeclarations();
}
