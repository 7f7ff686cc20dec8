// npm run package: makes insmod-lens-VERSION.vsix, the extension as it is installed.
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundles } from './build.mjs';
import { root } from './setup.mjs';

/** More than this is not worth a download. */
const MOST_BYTES = 2_310_000;

/** 1980-01-01 in seconds: a zip has no earlier time. */
const OLDEST_TIME = 315_532_800;

/**
 * A directory with nothing but what .vscodeignore may name: vsce looks at every file below, and a checkout with kernels to test
 * against has hundreds of thousands.
 */
function stage() {
  const directory = path.join(root, '.build', 'package');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const allowed = readFileSync(path.join(root, '.vscodeignore'), 'utf8').matchAll(/^!([^/\n]+)/gm);
  const heads = [...allowed].map(([, head]) => head.split('*'));
  const isAllowed = name => heads.some(([start, end]) => name.startsWith(start) && name.endsWith(end ?? start));
  for (const head of ['.vscodeignore', ...readdirSync(root).filter(isAllowed)])
    cpSync(path.join(root, head), path.join(directory, head), { recursive: true });
  return directory;
}

/** Makes the package; its path and size. */
export async function makePackage() {
  await buildBundles();
  const cwd = stage();
  const manifest = JSON.parse(readFileSync(path.join(cwd, 'package.json'), 'utf8'));
  const { createVSIX, listFiles, PackageManager } = await import('@vscode/vsce');
  const packagePath = path.join(root, `${manifest.name}-${manifest.version}.vsix`);
  // The same sources make the same bytes: vsce then sorts the files and gives all of them this time, as the clock on the
  // wall has it. Modes are those of the files, which depend on the umask of the checkout.
  process.env.SOURCE_DATE_EPOCH ??= String(OLDEST_TIME);
  process.env.TZ = 'UTC';
  for (const file of await listFiles({ cwd, packageManager: PackageManager.None })) {
    const mode = statSync(path.join(cwd, file)).mode & 0o100 ? 0o755 : 0o644;
    chmodSync(path.join(cwd, file), mode);
  }
  // Everything is bundled: no package is looked for at run time.
  await createVSIX({ cwd, packagePath, dependencies: false });
  const { size } = statSync(packagePath);
  if (size > MOST_BYTES) throw new Error(`${path.basename(packagePath)} has ${size} bytes, more than ${MOST_BYTES}`);
  return { packagePath, size };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { packagePath, size } = await makePackage();
  console.log(`${path.relative(root, packagePath)}: ${(size / 1e6).toFixed(2)} MB`);
}
