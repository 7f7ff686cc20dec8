// What a paste says besides the lines that are known: the driver's own words before its init gave up, and files that
// are there although a tool did not find them.
import { english, type Translate } from '../findings/words';
import { CAUSES, type CauseId } from './causes';
import { nameOf, type Advice } from './causes/types';
import type { Explained, ExplainedTool } from './explained';
import { linesOfLog, messageOf } from './logLine';

/** Errnos that the loader itself does not return, or that init returns as often. */
const OF_INIT: ReadonlySet<number> = new Set([1, 5, 6, 11, 12, 14, 16, 17, 19, 22, 28, 95, 110, 524]);

/** More drivers in trouble than one paste is about: the whole of it is searched for each. */
const MOST_DRIVERS = 5;
/** More lines of a driver than anyone reads in one sentence. */
const MOST_LINES = 3;
const MOST_CHARS = 160;

/** A name as it stands in a log: drivers print theirs with dashes or underscores. */
const named = (module: string): string => module.replace(/\W/g, '\\$&').replaceAll('_', '[_-]');

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Lines of the kernel on what a driver did, which only its own words explain. */
const OF_DRIVER: ReadonlySet<CauseId | null> = new Set<CauseId>(['probe', 'initFailed']);

/** Adds to the entries what the rest of the paste says of their modules. */
export function addDriverWords(
  text: string,
  entries: readonly Writable<Explained>[],
  tools: readonly Writable<ExplainedTool>[],
  t: Translate = english,
): void {
  const known = new Set([...entries, ...tools].flatMap(({ lines }) => lines));
  let left = MOST_DRIVERS;
  const withWords = (advice: Advice, module: string): Advice => {
    if (left-- <= 0) return advice;
    const words = wordsOf(text, module).filter(line => !known.has(line));
    if (words.length === 0) return advice;
    return { ...advice, why: t('{0} The driver itself said: {1}', advice.why, words.slice(-MOST_LINES).join(' / ')) };
  };
  for (const entry of entries)
    if (entry.module !== null && entry.advice && OF_DRIVER.has(entry.cause))
      entry.advice = withWords(entry.advice, entry.module);
  const installed = tools.some(({ cause }) => cause === 'notFound') ? installedByDkms(text) : [];
  const listed = tools.some(({ cause }) => cause === 'notFound') ? listedModules(text) : new Set();
  for (const tool of tools) {
    const { module, errno, cause } = tool;
    if (module === null) continue;
    if (cause === 'notFound' && listed.has(module)) {
      tool.cause = 'fileNotListed';
      tool.advice = CAUSES.fileNotListed.advise({ module }, t);
    }
    const other =
      cause === 'notFound' && !listed.has(module) ? installed.find(name => isLike(name, module)) : undefined;
    if (other !== undefined) {
      tool.cause = 'otherName';
      tool.advice = CAUSES.otherName.advise({ module, file: other }, t);
    }
    if (cause === null && errno !== null && OF_INIT.has(errno)) tool.advice = withWords(tool.advice, module);
  }
}

/** A line that is the path of a module's file, as `find` and `ls` list it. */
const LISTED = /^(?:> )?(?:\/usr)?\/lib\/modules\/[^\s/]+\/(?:[^\s/]+\/)*([\w-]+)\.ko(?:\.\w+)?$/gm;

/** Modules whose files the paste lists. */
const listedModules = (text: string): ReadonlySet<string> =>
  new Set(Array.from(text.matchAll(LISTED), ([, name = '']) => nameOf(name)));

/** What `dkms status` says of a module that is installed: `name/version, release, arch: installed`. */
const INSTALLED = /^[`> ]*([\w.-]+)(?:\/|, )[\w.~+-]+, [\w.+-]+(?:, \w+)?: installed/gm;

const installedByDkms = (text: string): string[] => Array.from(text.matchAll(INSTALLED), ([, name = '']) => name);

/** Whether two names are of one driver, as "rtl8812au" and "8812AU". */
function isLike(one: string, other: string): boolean {
  const [a, b] = [one, other].map(name => name.toLowerCase().replace(/[^a-z\d]/g, ''));
  return a !== undefined && b !== undefined && (a.includes(b) || b.includes(a));
}

/** Lines that begin with the name of the driver, and maybe of its device. */
function wordsOf(text: string, module: string): string[] {
  const own = `${named(module)}(?:: | [\\w.:-]+: )(?!loading out-of-tree|module (?:license|verif))`;
  // Other parts of the kernel name the driver by a part of its name: "TCP: foo does not ..." of tcp_foo.
  const parts = module.split('_').filter(part => part.length > 4);
  const others = parts.length > 0 ? `|\\w+: (?:${parts.map(named).join('|')}) (?:does|has|is|not)\\b` : '';
  const beginning = new RegExp(`^(?:${own}${others})`, 'i');
  if (!text.toLowerCase().includes(module.split('_').at(-1) ?? module)) return [];
  const words = linesOfLog(text)
    .filter(line => line.length < 1000)
    .map(messageOf)
    .filter(line => beginning.test(line))
    .map(line => line.slice(0, MOST_CHARS));
  return [...new Set(words)];
}
