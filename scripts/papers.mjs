// What goes with the program in every package: notices of others, the bill of materials and the manual page.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { billOfMaterials, bundledPackages, checkLicenses, noticesText } from './licenses.mjs';
import { root } from './setup.mjs';

/** Writes them to dist/. `inputs` are the files that the bundles were made of; dist/cli.js has to be there. */
export function writePapers(inputs) {
  const packages = bundledPackages(inputs);
  checkLicenses(packages);
  const write = (name, text) => writeFileSync(path.join(root, 'dist', name), text);
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  write('sbom.cdx.json', JSON.stringify(billOfMaterials(manifest, packages), null, 2) + '\n');
  write('NOTICES.txt', noticesText(packages) + '\n');
  write('insmod-lens.1', execFileSync(process.execPath, [path.join(root, 'dist', 'cli.js'), 'man']));
}
