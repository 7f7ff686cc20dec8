// The documentation says what the code does: generated parts are up to date, examples happen, links lead somewhere.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { repositoryRoot } from '../kernel/lib/paths';
import { EXAMPLES } from './examples';
import { allCodes } from '../../src/explain/forms';
import { generateDocs } from './generate';
import { reproduceAll } from './reproduce';

const root = repositoryRoot();

test('generated documentation is up to date (npm run docs makes it anew)', async () => {
  for (const [file, text] of await generateDocs())
    assert.equal(readFileSync(path.join(root, file), 'utf8'), text, file);
});

test('every code has an example, and the example leads to that code', async () => {
  assert.deepEqual(Object.keys(EXAMPLES).sort(), allCodes());
  for (const [code, { finding, session }] of await reproduceAll()) {
    // What rmmod refuses is told by its own line.
    if (finding === null) assert.match(session.at(-1) ?? '', /^rmmod: ERROR: /, code);
    else assert.equal(finding.code, code);
  }
});

const documents = ['', 'doc', 'doc/findings', 'src', 'test/kernel', 'media/workspace', 'media/classic']
  .filter(folder => existsSync(path.join(root, folder)))
  .flatMap(folder => readdirSync(path.join(root, folder)).map(name => path.posix.join(folder, name)))
  .filter(file => file.endsWith('.md'));

test('links lead to files and headings that are there', () => {
  for (const file of documents) {
    const text = readFileSync(path.join(root, file), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^()\s]+)\)/g)) {
      if (/^(?:https?|command|vscode):/.test(target)) continue;
      const [name = '', anchor] = target.split('#');
      const linked = name === '' ? file : path.posix.join(path.posix.dirname(file), name);
      assert.ok(existsSync(path.join(root, linked)), `${file}: ${target}`);
      if (anchor !== undefined) assert.ok(headings(linked).includes(anchor), `${file}: ${target}`);
    }
  }
});

/** Anchors of a document, as repositories on the web make them. */
function headings(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
