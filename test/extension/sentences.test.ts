// What the engine says is known in every language: explanations, messages of ours, notes, reasons of failures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { samples } from '../../src/core/explain/forms';
import type { LoadResult } from '../../src/core/report/types';
import { wordsOf, type Bundle, type Words } from '../../src/protocol/words';
import { System } from '../../src/index';
import { readSnapshot } from '../../src/node/snapshot';
import { TARGET_FILE } from '../kernel/lib/engine';
import { casesFile, fixturesDir, recordedDir, repositoryRoot } from '../kernel/lib/paths';
import { applyRecipe, isStock } from '../kernel/lib/recipe';
import { readRecording } from '../kernel/lib/recording';
import { recordedReleases } from '../kernel/replay';

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
