// A page for each finding, a finding for each page.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { documentationFile, documentationUrl, pagesOfIndex } from '../../../src/host/extension/model/docs';
import { allCodes } from '../../../src/explain/forms';
import { repositoryRoot } from '../../kernel/lib/paths';

const root = repositoryRoot();
const pages = path.join(root, 'doc', 'findings');

test('findings and pages are the same', () => {
  const written = readdirSync(pages)
    .filter(file => file !== 'README.md')
    .map(file => file.replace(/\.md$/, ''));
  assert.deepEqual(written.sort(), allCodes());
  assert.ok(written.includes('symbol-not-in-target'));
});

test('every page answers the same questions and is in the index', () => {
  const index = readFileSync(path.join(pages, 'README.md'), 'utf8');
  for (const code of allCodes()) {
    const text = readFileSync(path.join(root, documentationFile(code)), 'utf8');
    assert.ok(text.startsWith(`# \`${code}\`: `), code);
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(match => match[1]);
    assert.match(headings[0] ?? '', /^What (?:the kernel|Insmod Lens) says$/, code);
    assert.deepEqual(headings.slice(1), ['Example', 'Why', 'How to find out', 'How to fix it'], code);
    assert.ok(index.includes(`](${code}.md)`), code);
  }
});

test('reports link to the page on the web, the command lists the pages by their index', () => {
  assert.match(documentationUrl('vermagic'), /^https:\/\/.*\/doc\/findings\/vermagic\.md$/);
  const listed = pagesOfIndex(readFileSync(path.join(root, documentationFile('README')), 'utf8'));
  assert.deepEqual(
    listed.map(({ code }) => code),
    allCodes(),
  );
  assert.equal(listed.find(({ code }) => code === 'blacklisted')?.title, 'Named in module_blacklist');
});
