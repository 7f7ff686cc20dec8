// npm run licenses: the packages of others that are part of the bundles, with their licences.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundles } from './build.mjs';
import { root } from './setup.mjs';

/** Licences that ask for no more than to be named. */
const ACCEPTED = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'MIT-0',
  'BlueOak-1.0.0',
]);

/** Packages that bundles were made of, from the names of their input files, with what is copied as it is. */
export function bundledPackages(inputs) {
  const directories = new Set(['web-tree-sitter', 'tree-sitter-c'].map(name => path.join('node_modules', name)));
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) directories.add(path.normalize(match[1]));
  }
  const found = new Map([...directories].map(describe).map(each => [`${each.name} ${each.version}`, each]));
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(directory) {
  const { name, version, license, homepage } = JSON.parse(
    readFileSync(path.join(root, directory, 'package.json'), 'utf8'),
  );
  const file = readdirSync(path.join(root, directory)).find(entry => /^(?:licen[cs]e|copying)/i.test(entry));
  const text = file && existsSync(path.join(root, directory, file)) ? readText(path.join(root, directory, file)) : null;
  return { name, version, license: license ?? 'unknown', homepage: homepage ?? null, text };
}

function readText(file) {
  return readFileSync(file, 'utf8').trim();
}

/** Throws when a licence asks for more than naming. */
export function checkLicenses(packages) {
  const doubtful = packages.filter(({ license }) => !ACCEPTED.has(license));
  if (doubtful.length > 0)
    throw new Error(`licences to look at: ${doubtful.map(({ name, license }) => `${name} (${license})`).join(', ')}`);
}

/** All notices in one text, for the package. */
export function noticesText(packages) {
  const rule = '-'.repeat(79);
  return [
    'Insmod Lens contains the following software of others.',
    ...packages.map(({ name, version, license, text }) =>
      [rule, `${name} ${version} (${license})`, '', text ?? license].join('\n'),
    ),
  ].join('\n\n');
}

/** What is in the package, in the form of CycloneDX. No times and no serial number: the same sources make the same file. */
export function billOfMaterials(manifest, packages) {
  const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const component = ({ name, version, license }, type) => ({
    type,
    'bom-ref': purl(name, version),
    name,
    version,
    purl: purl(name, version),
    licenses: [{ license: { id: license } }],
  });
  const own = component(manifest, 'application');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: own },
    components: packages.map(each => component(each, 'library')),
    dependencies: [{ ref: own['bom-ref'], dependsOn: packages.map(({ name, version }) => purl(name, version)) }],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = bundledPackages(await buildBundles());
  for (const { name, version, license } of packages) console.log(`${name.padEnd(32)} ${version.padEnd(10)} ${license}`);
  checkLicenses(packages);
}
