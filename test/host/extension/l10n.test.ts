// Three languages with the same words in each: those of package.json and those of the code.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setWords, t } from '../../../src/host/extension/model/l10n';
import { noteTemplates } from '../../../src/findings/notes';
import { repositoryRoot } from '../../kernel/lib/paths';

const root = repositoryRoot();
const LANGUAGES = ['zh-cn', 'zh-tw'] as const;

type Words = Readonly<Record<string, string>>;
const read = (file: string): Words => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Words;

const CALL = /(?:(?<![\w.])t\(|^ {2}(?:explain|message):)\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/gm;

/** Messages in calls of `t`, which are their own keys. */
function messages(folder: string): string[] {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  return files.filter(file => file.endsWith('.ts')).flatMap(file => literals(path.join(folder, file), CALL));
}

/** String literals that a pattern finds in a file. */
function literals(file: string, pattern: RegExp): string[] {
  return [...readFileSync(path.join(root, file), 'utf8').matchAll(pattern)].map(([, literal = '']) =>
    literal.slice(1, -1).replace(/\\(.)/g, '$1'),
  );
}

/** Messages in tables, which are handed to `t` by name. */
const inTables = [
  ...Object.values(noteTemplates()),
  ...literals('src/linux/trace/purposes.ts', /('[A-Z][^']* [^']*')/g),
  ...literals('src/host/extension/model/initcalls.ts', /(?:level\(|name: )('[^']+, [^']+')/g).filter(
    name => !name.includes('after it'),
  ),
];

/** Every language has these words, none is left as it was, and values stand in all of them. */
function sameWords(english: Words, translated: (language: string) => string): void {
  for (const language of LANGUAGES) {
    const words = read(translated(language));
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort(), language);
    for (const [key, word] of Object.entries(english)) {
      const placeholders = (text: string): string[] =>
        [...text.matchAll(/\{\w+\}|`[^`]+`|\]\([^)]+\)/g)].map(String).sort();
      assert.deepEqual(placeholders(words[key] ?? ''), placeholders(word), `${language}: ${key}`);
    }
  }
  // Simplified and traditional are two languages, not one with two names.
  const [simplified, traditional] = LANGUAGES.map(language => Object.values(read(translated(language))).join(''));
  assert.doesNotMatch(traditional ?? '', /[内载块们这构显释]/);
  assert.doesNotMatch(simplified ?? '', /[內載塊們這構顯釋]/);
}

test('package.json', () => {
  const english = read('package.nls.json');
  sameWords(english, language => `package.nls.${language}.json`);
  const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
  const used = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(match => match[1] ?? '');
  assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
});

test('the code', () => {
  const english = read('l10n/bundle.l10n.json');
  const folders = [
    'src/explain',
    'src/findings',
    'src/host/editor',
    'src/host/extension',
    'src/host/web',
    'src/host/node/tools',
    'webview',
  ];
  const used = new Set([...folders.flatMap(messages), ...inTables]);
  assert.deepEqual([...used].sort(), Object.keys(english).sort());
  for (const [key, word] of Object.entries(english)) assert.equal(word, key);
  sameWords(english, language => `l10n/bundle.l10n.${language}.json`);
});

test('values take their places, in the language that is set', () => {
  assert.equal(t('{0} in {1}', 'a', 2), 'a in 2');
  setWords({ '{0} in {1}': '{1} {0}' });
  assert.equal(t('{0} in {1}', 'a', 2), '2 a');
  setWords(undefined);
  assert.equal(t('{0} in {1}', 'a', 2), 'a in 2');
  // A template may name its values, and a value is never taken for a template.
  assert.equal(t('{what} of {name}', { what: '{name}', name: 'b' }), '{name} of b');
});
