// What the engine says is known in every language: explanations, messages of ours, notes, reasons of failures.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { samples } from '../../../src/explain/forms';
import type { LoadResult } from '../../../src/report/types';
import { ENGINE, wordsOf, type Bundle, type Words } from '../../../src/protocol/words';
import { System } from '../../../src/index';
import { readSnapshot } from '../../../src/host/node/targets';
import { TARGET_FILE } from '../../kernel/lib/engine';
import { casesFile, fixturesDir, recordedDir, recordedReleases, repositoryRoot } from '../../kernel/lib/paths';
import { applyRecipe, isStock } from '../../kernel/lib/recipe';
import { readRecording } from '../../kernel/lib/recording';

const root = repositoryRoot();
const bundle = (language: string): Bundle =>
  JSON.parse(readFileSync(path.join(root, 'l10n', `bundle.l10n.${language}.json`), 'utf8')) as Bundle;
const LANGUAGES: readonly (readonly [name: string, words: Words, bundle: Bundle])[] = ['zh-cn', 'zh-tw'].map(name => {
  const words = bundle(name);
  return [name, wordsOf(words), words];
});

/** What stays as it is in every language: numbers, placeholders, options, functions, files. */
const VALUES = /0x[0-9a-f]+|\b[B-HJ-Z]\b|\b100[12]\b|\b[A-Z]+_[A-Z_]+\b|\b\w+\(\)|\/(?:sys|lib)\/\w+/g;

/** What is wrong with how texts are said: each has to be known in every language, with everything in it that is no word. */
function wrong(texts: Iterable<string>): string[] {
  return LANGUAGES.flatMap(([language, { say }]) =>
    [...texts].flatMap(text => {
      const said = say(text);
      if (said === text) return `${language} has no words for: ${text}`;
      // What is left over from English is no sentence of ours.
      if (/\b(?:the|which|this|does|not|it)\b/i.test(said)) return `${language} is half English: ${said}`;
      const lost = [...text.matchAll(VALUES)].flatMap(([value]) => (said.includes(value) ? [] : value));
      return lost.length === 0 ? [] : `${language} lost ${lost.join()}: ${said}`;
    }),
  );
}

/** Messages that are the kernel's words or those of a tool though no kernel prints them here. */
const WORDS_OF_OTHERS: readonly string[] = ['not-loadable', 'init-memory-use', 'compressed-file'];

test('every explanation, and every message of ours, of every sample', () => {
  const texts = samples().flatMap(({ finding, facts, code }) => {
    const printed = [finding.dmesg?.(facts) ?? []].flat().length > 0;
    const message = printed || WORDS_OF_OTHERS.includes(code) ? undefined : finding.message?.(facts);
    return [finding.explain(facts), ...(message?.includes(' ') ? [message] : [])];
  });
  assert.deepEqual(wrong(texts), []);
});

/** Where the code gives a note or a reason: its text stands in the call. */
const REASON =
  /(?:\.(?:note|notChecked|skip|stop)\(|\bunknown\(|InputError\(\w+,|\bError\(|\breason: |(?:BTF|MODULE)_UNKNOWN =|failed\([\w., ]*'\w+',|verdict\(\w+,)\s*('(?:[^'\\]|\\.)*'|"[^"]*"|`(?:[^`$]|\$\{(?:[^{}`]|`[^`]*`)*\})*`)/g;
const FOLDERS = [
  'src/linux/kernel/module',
  'src/linux/arch/x86/cpu',
  'src/host/node',
  'src/host/services',
  'src/host/extension/worker',
  'src/target/sources',
  'src/host/web',
];
/** What is said there is said to programs. */
const NOT_SHOWN = /^src\/host\/node\/(?:check|tools|graph)\//;

/** Whatever gets into such a text stands as S. */
function* reasonsInCode(): Generator<string> {
  for (const folder of FOLDERS)
    for (const name of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
      const file = path.posix.join(folder, name);
      if (!file.endsWith('.ts') || NOT_SHOWN.test(file)) continue;
      for (const [, literal = ''] of readFileSync(path.join(root, file), 'utf8').matchAll(REASON))
        yield literal
          .slice(1, -1)
          .replaceAll("\\'", "'")
          .replace(/\$\{[^}]*\}/g, 'S');
    }
}

test('every note and reason that stands in the code', () => {
  const texts = [...reasonsInCode()].filter(text => /[a-z] [a-z]/.test(text));
  assert.ok(texts.length > 60, `${texts.length} found`);
  assert.deepEqual(wrong(texts), []);
});

test('what every stage is for', () => {
  const purposes = readFileSync(path.join(root, 'src/linux/trace/purposes.ts'), 'utf8').matchAll(
    /'([A-Z][^']* [^']*)'/g,
  );
  const texts = [...purposes].flatMap(([, text = '']) => text);
  assert.ok(texts.length > 25, `${texts.length} found`);
  assert.deepEqual(wrong(texts), []);
});

/** Where texts are put together. */
const JOINTS =
  /\{\d+\}|(?<=[.?]) |: |; |^The signature |^\.gnu\.linkonce\.this_module |^The kernel itself |nothing|no (?=modules)|was (?=not checked)/;

test('what stages say they checked', () => {
  const [release = ''] = recordedReleases();
  const facts = readSnapshot(path.join(recordedDir(release), TARGET_FILE));
  const texts = new Set<string>();
  for (const name of ['percpu', 'paramkinds', 'unresolved', 'wx'].map(base => `${base}.ko`)) {
    const bytes = readFileSync(path.join(fixturesDir(release), name));
    for (const stage of new System(facts).trace({ path: name, bytes }).steps().stages)
      for (const { what } of stage.checks) if (/^[^:(]+ [^:(]+$/.test(what)) texts.add(what);
  }
  assert.ok(texts.size > 5, [...texts].join());
  assert.deepEqual(wrong(texts), []);
});

test('no form is for something that is said no more', () => {
  const code = ['src'].flatMap(folder =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .map(file => readFileSync(path.join(root, folder, file), 'utf8')),
  );
  // A text may be put together from several lines.
  const all = code.join('\n').replace(/['`]\s*\+\s*['`]|\\(?=')/g, '');
  const unknown = Object.keys(bundle('zh-cn')).filter(key => {
    const words = key.endsWith(ENGINE) ? key.slice(0, -ENGINE.length).split(JOINTS) : [];
    return !words.every(part => all.includes(part.trim().replace(/[.?]$/, '')));
  });
  assert.deepEqual(unknown, []);
});

test('what is not known as a whole stays English as a whole', () => {
  const { say } = wordsOf({
    'It is here./engine': '它在这里。',
    '{0} is gone./engine': '{0} 不见了。',
    'No./engine': '没有。',
  });
  assert.equal(say('It is here. S is gone.'), '它在这里。S 不见了。');
  assert.equal(say('f.ko: S is gone.'), 'f.ko: S 不见了。');
  for (const text of ['It is here. Nobody knows why.', 'Nobody knows why. S is gone.', 'It is here', 'No.', ''])
    assert.equal(say(text), text);
  assert.equal(wordsOf().say('It is here.'), 'It is here.');
});

/** Codes whose messages may be sentences of ours. */
const OURS: ReadonlySet<string> = new Set(
  samples().flatMap(({ code, finding }) => (finding.message && !WORDS_OF_OTHERS.includes(code) ? code : [])),
);

/** What the engine answers to the cases that real kernels answered, as far as their modules are part of this repository. */
function* recordedResults(release: string): Generator<LoadResult> {
  const facts = readSnapshot(path.join(recordedDir(release), TARGET_FILE));
  for (const { cmdline, cases } of readRecording(casesFile(release))) {
    const system = new System(facts, { cmdline });
    for (const step of cases.flatMap(({ steps }) => steps)) {
      if (step.op === 'rmmod') system.rmmod(step.name, { flags: step.flags });
      else if (!isStock(step.module)) {
        const { module, args = '', flags = 0, syscall = 'finit_module' } = step;
        const bytes = applyRecipe(readFileSync(path.join(fixturesDir(release), `${module.fixture}.ko`)), module);
        yield system.insmod({ path: `${module.fixture}.ko`, bytes }, args, { flags, syscall });
      }
    }
  }
}

/** Notes in the kernel's own words. */
const KERNEL_NOTES = ['unsigned module', 'module with unsupported crypto', 'module with unavailable key'];

for (const release of recordedReleases())
  test(`every finding and note of the cases of ${release}, and no line of its log`, () => {
    const ours = new Set<string>();
    const kernels = new Set<string>();
    for (const { findings, stages, log, insmod } of recordedResults(release)) {
      for (const { text } of log) kernels.add(text);
      if (insmod !== null) kernels.add(insmod);
      for (const { explanation, message, code } of findings) {
        ours.add(explanation);
        if (OURS.has(code) && !log.some(({ text }) => message.includes(text))) ours.add(message);
      }
      for (const note of stages.flatMap(({ notes }) => notes)) if (!KERNEL_NOTES.includes(note)) ours.add(note);
    }
    assert.ok(ours.size > 50 && kernels.size > 50, `${ours.size} texts of ours, ${kernels.size} of the kernel`);
    assert.deepEqual(wrong(ours), []);
    for (const [, { say }] of LANGUAGES) for (const text of kernels) assert.equal(say(text), text);
  });
