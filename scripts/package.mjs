// npm run package: makes insmod-lens-VERSION.vsix, the extension as it is installed.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundles } from './build.mjs';
import { billOfMaterials, bundledPackages, checkLicenses, noticesText } from './licenses.mjs';
import { root } from './setup.mjs';

/** More than this is not worth a download. */
const MOST_BYTES = 1_700_000;

/** Makes the package; its path and size. */
export async function makePackage() {
  const packages = bundledPackages(await buildBundles());
  checkLicenses(packages);
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const bill = JSON.stringify(billOfMaterials(manifest, packages), null, 2);
  writeFileSync(path.join(root, 'dist', 'sbom.cdx.json'), bill + '\n');
  writeFileSync(path.join(root, 'dist', 'NOTICES.txt'), noticesText(packages) + '\n');
  const { createVSIX } = await import('@vscode/vsce');
  const packagePath = path.join(root, `${manifest.name}-${manifest.version}.vsix`);
  // Everything is bundled: no package is looked for at run time.
  await createVSIX({ cwd: root, packagePath, dependencies: false });
  const { size } = statSync(packagePath);
  if (size > MOST_BYTES) throw new Error(`${path.basename(packagePath)} has ${size} bytes, more than ${MOST_BYTES}`);
  return { packagePath, size };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { packagePath, size } = await makePackage();
  console.log(`${path.relative(root, packagePath)}: ${(size / 1e6).toFixed(2)} MB`);
}
