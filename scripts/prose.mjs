// npm run prose: lists sentences with habits that hold up a reader, and British spellings, in everything people read.
// npm test runs it too (test/docs/prose.test.ts).
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What to say instead stands behind each. */
export const HABITS = [
  [/\b(?:is|are|was|were|be|being) held (?:against|to)\b|\bto hold \w+ (?:\w+ )?against\b/i, 'is checked against'],
  [/\b(?:is|are) told(?! apart)\b/i, 'is reported'],
  [/\bsays? of (?:itself|themselves)\b/i, 'declares'],
  [/\bby (?:itself|themselves)\b/i, 'automatically, alone'],
  [/\bof (?:its|their|your|our|the module's) own\b(?! \w)/i, 'own, separate'],
  [/\b(?:nobody|anybody|somebody|everybody)\b/i, 'no one, or name who'],
  [/\b(?:whatever|whoever|whichever|wherever)\b/i, 'any, or name it'],
  [/\bas far as\b/i, 'if'],
  [/\bfor want of\b/i, 'because … is missing'],
  [/\b(?:and|but) (?:is|are) none\b/i, 'but is not'],
  [/\bwithout a word\b/i, 'with no messages'],
  [/\bat a glance\b/i, 'quickly'],
  [/\b(?:stands?|stood) on\b/i, 'is built on, is on'],
  [/\bis wanted\b/i, 'expected'],
  [/\bwill do\b/i, 'drop'],
  [/\bso to (?:it|them) the\b/i, 'so the … is invisible to it'],
  [
    /\b(?:colours?|licences?|behaviours?|recognis\w+|organis\w+|initialis\w+|normalis\w+|neighbours?|favours?|honours?|grey|catalogues?|centre|cancelled|labelled|modelled|analyse[ds]?|optimis\w+|unrecognis\w+)\b/i,
    'American spelling',
  ],
];

/** What is quoted as others have it: code, names, output of the kernel and of tools, addresses. */
const QUOTED = /```[^]*?```|`[^`\n]*`|"[^"\n]*"|“[^”\n]*”|\bhttps?:\S+/g;

const blank = part => part.replace(/[^\n]/g, ' ');

/** Everything in a source but its string literals with blanks: comments, names, patterns. */
const NOT_TEXT = /\/\*[^]*?\*\/|\/\/[^\n]*|\/(?:\\.|[^/\\\n])+\/[a-z]*/g;

/** @returns {{ file: string, line: number, text: string, instead: string }[]} */
export function habitsIn(file, text) {
  const bare = text.replace(QUOTED, blank);
  return bare.split('\n').flatMap((row, index) =>
    HABITS.flatMap(([habit, instead]) => {
      const found = habit.exec(row);
      return found ? [{ file, line: index + 1, text: found[0], instead }] : [];
    }),
  );
}

/** Files with prose, each with the text that people read. */
function* proseFiles() {
  const read = file => readFileSync(path.join(root, file), 'utf8');
  const listed = folder => readdirSync(path.join(root, folder), { recursive: true }).map(String);
  for (const file of ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'test/kernel/README.md', 'src/README.md'])
    yield [file, read(file)];
  for (const folder of ['doc', 'media'])
    for (const file of listed(folder).filter(each => each.endsWith('.md')))
      yield [path.join(folder, file), read(path.join(folder, file))];
  // Texts of explanations have no bundle.
  for (const file of listed('src/explain').filter(each => each.endsWith('.ts')))
    yield [path.join('src/explain', file), read(path.join('src/explain', file)).replace(NOT_TEXT, blank)];
  // The keys are the English texts; one a line, without the quotes around it.
  for (const file of ['l10n/bundle.l10n.json', 'package.nls.json'])
    yield [
      file,
      Object.values(JSON.parse(read(file)))
        .map(text => text.replaceAll('\n', ' '))
        .join('\n'),
    ];
}

export function habits() {
  return [...proseFiles()].flatMap(([file, text]) => habitsIn(file, text));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const all = habits();
  for (const { file, line, text, instead } of all) console.log(`${file}:${line}: "${text}" (${instead})`);
  console.log(all.length === 0 ? 'No habits found.' : `${all.length} to change.`);
  process.exitCode = all.length === 0 ? 0 : 1;
}
