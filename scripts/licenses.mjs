// npm run licenses: the packages of others that are part of the bundles, with their licences.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
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
  const { name, version, license, homepage, author, contributors } = JSON.parse(
    readFileSync(path.join(root, directory, 'package.json'), 'utf8'),
  );
  const file = readdirSync(path.join(root, directory)).find(entry => /^(?:licen[cs]e|copying)/i.test(entry));
  const text = file && existsSync(path.join(root, directory, file)) ? readText(path.join(root, directory, file)) : null;
  const holders = [author, ...(contributors ?? [])].flatMap(
    each => (each?.name ?? each ?? []).toString().split(/ *[<(]/)[0],
  );
  return {
    name,
    version,
    license: license ?? 'unknown',
    homepage: homepage ?? null,
    text: text ?? standardText(name, license, [...new Set(holders.filter(Boolean))]),
  };
}

/** Some packages name their licence and leave out its text, which has to go with copies all the same. */
function standardText(name, license, holders) {
  const text = STANDARD_TEXTS[license];
  if (!text) throw new Error(`${name}: the text of its licence (${license}) is not there`);
  return text.replace('{holders}', holders.length > 0 ? holders.join(', ') : `the authors of ${name}`);
}

/** https://spdx.org/licenses/MIT.html */
const MIT = `MIT License

Copyright (c) {holders}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** https://spdx.org/licenses/ISC.html */
const ISC = `ISC License

Copyright (c) {holders}

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR
CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT,
NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`;

const STANDARD_TEXTS = { MIT, ISC };

function readText(file) {
  return readFileSync(file, 'utf8').trim();
}

/** Throws when a licence asks for more than naming. */
export function checkLicenses(packages) {
  // Of several that all hold, each has to be one of these.
  const doubtful = packages.filter(({ license }) => !license.split(' AND ').every(each => ACCEPTED.has(each)));
  if (doubtful.length > 0)
    throw new Error(`licences to look at: ${doubtful.map(({ name, license }) => `${name} (${license})`).join(', ')}`);
}

/** All notices in one text, for the package. */
export function noticesText(packages) {
  const rule = '-'.repeat(79);
  return [
    'Insmod Lens contains the following software of others.',
    ...packages.map(({ name, version, license, text }) =>
      [rule, `${name} ${version} (${license})`, '', text].join('\n'),
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
    licenses: license.includes(' AND ') ? [{ expression: license }] : [{ license: { id: license } }],
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
  // Building makes use of this file.
  const { buildBundles } = await import('./build.mjs');
  const packages = bundledPackages(await buildBundles());
  for (const { name, version, license } of packages) console.log(`${name.padEnd(32)} ${version.padEnd(10)} ${license}`);
  checkLicenses(packages);
}
