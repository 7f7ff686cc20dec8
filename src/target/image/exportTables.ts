// The tables of exports of a kernel image: by the names of its sections, else by what they look like.
import { bigEndianWords, littleEndianWords } from '../../formats/bytes/words';
import {
  absoluteForms,
  identifierLength,
  lowWord,
  offsetsBySections,
  relativeForms,
  type EntryForm,
} from './exportEntries';
import type { KernelBytes } from './kernelBytes';

export interface ExportTables {
  readonly form: EntryForm;
  /** Offset of the first entry, and how many follow each other: those anyone may use, then those for GPL modules. */
  readonly start: number;
  readonly count: number;
  /** Index of the first entry for GPL modules only; `count` where a byte of flags tells. */
  readonly gplFrom: number;
  /** Offset of the table of CRCs; null without CONFIG_MODVERSIONS. */
  readonly crcs: number | null;
  /** Offset of the bytes of flags; null where kernels have none yet. */
  readonly flags: number | null;
  /** How they were found, for people. */
  readonly how: string;
}

/** Finds the tables; null in a kernel that exports nothing. */
export function findExportTables(kernel: KernelBytes): ExportTables | null {
  return bySections(kernel) ?? byShape(kernel);
}

/** Entries that are looked at before a form is believed. */
const SAMPLE = 20;

function bySections(kernel: KernelBytes): ExportTables | null {
  const { sections, r } = kernel;
  const plain = sections?.get('__ksymtab');
  if (!sections || !plain) return null;
  const gpl = sections.get('__ksymtab_gpl');
  const bytes = plain.sh_size + (gpl?.sh_size ?? 0);
  const forms = [...relativeForms(kernel), ...absoluteForms(kernel, offsetsBySections(sections))];
  const form = forms.find(({ stride, nameAt }) => {
    if (plain.sh_size % stride !== 0 || bytes % stride !== 0) return false;
    const sample = Math.min(SAMPLE, plain.sh_size / stride);
    for (let i = 0; i < sample; i++)
      if (identifierLength(r.bytes, nameAt(plain.sh_offset + i * stride)) === 0) return false;
    return true;
  });
  // One behind the other, as the linker script has them; else what lies between would count as entries.
  if (!form || (gpl && gpl.sh_size > 0 && gpl.sh_offset !== plain.sh_offset + plain.sh_size)) return null;
  const flags = sections.get('__kflagstab');
  const count = bytes / form.stride;
  if (count > MOST_EXPORTS || !r.contains(plain.sh_offset, bytes)) return null;
  return {
    form,
    start: plain.sh_offset,
    count,
    gplFrom: flags ? count : plain.sh_size / form.stride,
    crcs: (sections.get('__kcrctab')?.sh_size ?? 0) > 0 ? (sections.get('__kcrctab')?.sh_offset ?? null) : null,
    flags: flags?.sh_offset ?? null,
    how: 'section __ksymtab',
  };
}

/** Far more than any kernel exports. */
const MOST_EXPORTS = 100_000;
/** No kernel that loads modules exports fewer. */
const FEWEST = 200;
/** Where a table begins anew: names go up, and once more from the first for GPL modules; unused ones have had tables too. */
const MOST_TABLES = 3;

interface Run {
  readonly form: EntryForm;
  readonly start: number;
  readonly count: number;
  /** Indexes at which names begin anew. */
  readonly breaks: readonly number[];
}

/** A long run of entries whose names exist and go up. */
function byShape(kernel: KernelBytes): ExportTables | null {
  for (const form of relativeForms(kernel)) {
    const run = longestRun(kernel, form, 4);
    if (run) return fromRun(kernel, run);
  }
  for (const base of [...new Set(possibleBases(kernel))].slice(0, MOST_BASES)) {
    for (const form of absoluteForms(kernel, address => address - base)) {
      const run = longestRun(kernel, form, kernel.is64 ? 8 : 4);
      if (run) return fromRun(kernel, run);
    }
  }
  return null;
}

/** Entries that must follow each other before more are looked at. */
const GLANCE = 6;

/**
 * A run of so many entries is met by looking only at places half as far apart as it is long, at each offset an entry can
 * have there; what looks like one is followed in both directions.
 */
function longestRun({ r: { bytes } }: KernelBytes, form: EntryForm, step: number): Run | null {
  const { stride, nameAt } = form;
  const isEntry = (at: number): boolean => at + stride <= bytes.length && identifierLength(bytes, nameAt(at)) > 0;
  let best: Run | null = null;
  let searched = 0;
  for (let place = 0; place < bytes.length; place += (FEWEST / 2) * stride) {
    for (let at = place; at < place + stride; at += step) {
      if (at < searched) continue;
      let seen = 0;
      while (seen < GLANCE && isEntry(at + seen * stride)) seen++;
      if (seen < GLANCE) continue;
      // The place before this one was no part of it: its first entry is not far.
      let start = at;
      for (let i = 0; i < FEWEST && start - stride >= searched && isEntry(start - stride); i++) start -= stride;
      const run = runFrom(bytes, form, start);
      if (run.count >= FEWEST && run.count > (best?.count ?? 0)) best = run;
      if (run.count >= FEWEST) searched = start + run.count * stride;
    }
  }
  return best;
}

function runFrom(bytes: Uint8Array, form: EntryForm, start: number): Run {
  const { stride, nameAt } = form;
  const breaks: number[] = [];
  let count = 1;
  for (let previous = nameAt(start); start + (count + 1) * stride <= bytes.length; count++) {
    const name = nameAt(start + count * stride);
    if (count >= MOST_EXPORTS || identifierLength(bytes, name) === 0) break;
    if (!isBefore(bytes, previous, name)) {
      if (breaks.length >= MOST_TABLES) break;
      breaks.push(count);
    }
    previous = name;
  }
  return { form, start, count, breaks };
}

/** Whether the string at `a` sorts before the one at `b`, as strcmp() has it. */
function isBefore(bytes: Uint8Array, a: number, b: number): boolean {
  for (let i = 0; ; i++) {
    const [x = 0, y = 0] = [bytes[a + i], bytes[b + i]];
    if (x !== y) return x < y;
    if (x === 0) return false;
  }
}

/** What lies between a table and its strings: CRCs of four bytes each, a byte of flags each, both or neither. */
function fromRun({ r }: KernelBytes, { form, start, count, breaks }: Run): ExportTables {
  const end = start + count * form.stride;
  let strings = r.length;
  for (let i = 0; i < count; i++) {
    const name = form.nameAt(start + i * form.stride);
    if (name >= end && name < strings) strings = name;
  }
  const between = strings - end;
  const hasCrcs = between >= 4 * count;
  const flagsAt = hasCrcs ? end + 4 * count : end;
  const hasFlags = strings - flagsAt >= count && areFlags(r.bytes, flagsAt, count);
  return {
    form,
    start,
    count,
    gplFrom: hasFlags ? count : (breaks.at(-1) ?? count),
    crcs: hasCrcs ? end : null,
    flags: hasFlags ? flagsAt : null,
    how: 'a table of that shape',
  };
}

/** One flag is defined: KSYM_FLAG_GPL_ONLY. */
function areFlags(bytes: Uint8Array, at: number, count: number): boolean {
  for (let i = 0; i < count; i++) if ((bytes[at + i] ?? 2) > 1) return false;
  return true;
}

/** Tables of pointers that are looked at, and addresses that are tried: kernels have a dozen that look alike. */
const MOST_RUNS = 256;
const MOST_BASES = 16;

/** Images lie at whole pages. */
const PAGE = 4096;

/**
 * Addresses that the first byte of an image may have, which does not say where it runs. Long runs of pointers, in the places
 * names have in a table of exports, show which addresses there are; the one page at which all of them lead to names is where
 * the image begins. Other tables may look the same.
 */
function* possibleBases(kernel: KernelBytes): Generator<number> {
  const size = kernel.is64 ? 8 : 4;
  const { r } = kernel;
  const all = (r.littleEndian ? littleEndianWords : bigEndianWords)(r.bytes, 0, r.length);
  let left = MOST_RUNS;
  for (const words of [3, 2]) {
    const stride = words * size;
    for (const { at: first, count } of pointerRuns(kernel, all, words)) {
      if (left-- <= 0) return;
      // Pointers that are no part of the table may stand before and behind it. Where a namespace is always an address (that of
      // nothing, mostly), an entry may begin at any of its words.
      const middle = first + Math.floor((count - FEWEST) / 2) * stride;
      for (let phase = 0; phase < stride; phase += size) {
        const base = baseOf(kernel, middle + phase + size, stride);
        if (base !== null) yield base;
      }
    }
  }
}

/** The page-aligned address of the first byte with which {@link FEWEST} pointers, `stride` bytes apart, all lead to names. */
function baseOf(kernel: KernelBytes, at: number, stride: number): number | null {
  const { r } = kernel;
  const names = Array.from({ length: FEWEST }, (_, i) => lowWord(kernel, at + i * stride));
  const highest = Math.max(...names);
  const last = Math.floor(Math.min(...names) / PAGE) * PAGE;
  for (let base = Math.ceil(Math.max(0, highest - r.length) / PAGE) * PAGE; base <= last; base += PAGE)
    if (names.every(name => identifierLength(r.bytes, name - base) > 0)) return base;
  return null;
}

/**
 * The upper half of addresses that kernels run at: the highest ones, or low ones where kernels have an address space of their
 * own (s390).
 */
const UPPER_HALVES: readonly number[] = [-1, 0];

/** Places where {@link FEWEST} entries or more in a row have an address, the address of a name, and a third or none. */
function* pointerRuns(
  { r, is64 }: KernelBytes,
  all: Int32Array,
  words: number,
): Generator<{ at: number; count: number }> {
  const size = is64 ? 2 : 1;
  const stride = words * size;
  const [low, high] = r.littleEndian ? [0, size - 1] : [size - 1, 0];
  const fits = (i: number): boolean => {
    if (i < 0 || i + stride > all.length) return false;
    const name = all[i + size + low] ?? 0;
    const third = words === 3 ? (all[i + 2 * size + low] ?? 0) : 0;
    const upper = is64 ? (all[i + high] ?? 0) : -1;
    if (is64 && (!UPPER_HALVES.includes(upper) || all[i + size + high] !== upper)) return false;
    const isAddress = upper === -1 ? name < 0 : name > 0;
    return isAddress && all[i + low] !== 0 && (third === 0 || Math.abs((third - name) | 0) < r.length);
  };
  let searched = 0;
  for (let place = 0; place < all.length; place += (FEWEST / 2) * stride) {
    for (let i = place; i < place + stride; i += size) {
      if (i < searched || !fits(i)) continue;
      let start = i;
      for (let back = 0; back < FEWEST && start - stride >= searched && fits(start - stride); back++) start -= stride;
      let count = 1;
      while (fits(start + count * stride)) count++;
      if (count < FEWEST) continue;
      yield { at: 4 * start, count };
      searched = start + count * stride;
    }
  }
}
