// The kernel's own symbol table, out of its image (scripts/kallsyms.c, kernel/kallsyms.c).
import type { ByteReader } from '../../formats/bytes/byteReader';
import { byteString, toBytes } from '../../formats/bytes/strings';
import { findBytes } from './findBytes';
import type { KernelBytes } from './kernelBytes';

/** A symbol of the kernel. */
export interface KernelSymbol {
  readonly name: string;
  /** The letter that nm prints for it. */
  readonly type: string;
  /** As linked, without KASLR. Images that are relocated as a whole count from their first byte. */
  readonly address: bigint;
}

/** Symbols in the order of their addresses; null where the kernel has no such table, or none that is understood. Never throws. */
export function readKallsyms(kernel: KernelBytes): KernelSymbol[] | null {
  for (const tokens of findTokens(kernel)) {
    const names = findNames(kernel, tokens);
    const addresses = names && findAddresses(kernel, tokens, names);
    if (!names || !addresses) continue;
    return decodeNames(kernel.r, tokens, names).map((text, i) => ({
      ...{ type: text.slice(0, 1), name: text.slice(1), address: addresses(i) },
    }));
  }
  return null;
}

/** The letters that nm prints for variables in .data and .bss. */
const OF_DATA = /^[dDbB]/;
/** A table of code names a few variables all the same, which mark its ends: less than a thousandth. With data it is a quarter. */
const ONE_IN = 100;

/**
 * Whether the table holds data too, not only code: then the kernel has CONFIG_KALLSYMS_ALL (scripts/kallsyms.c). Null where no
 * table is understood. Never throws.
 */
export function kallsymsHoldsData(kernel: KernelBytes): boolean | null {
  for (const tokens of findTokens(kernel)) {
    const names = findNames(kernel, tokens);
    if (!names) continue;
    const isData = tokens.texts.map(text => OF_DATA.test(text));
    let data = 0;
    let at = names.start;
    for (let i = 0; i < names.count; i++) {
      const { length, size } = nameLength(kernel.r, at);
      // The letter is the first of the name.
      if (isData[kernel.r.u8(at + size)]) data++;
      at += size + length;
    }
    return data * ONE_IN > names.count;
  }
  return null;
}

const TOKENS = 256;
const DIGITS = toBytes('0\x001\x002\x003\x004\x005\x006\x007\x008\x009\0');
const DIGIT_0 = 0x30;

interface Tokens {
  /** What tables begin at multiples of: 8 up to 6.x on 64-bit kernels, later 4. */
  readonly align: number;
  /** Of kallsyms_token_table. */
  readonly start: number;
  /** Behind kallsyms_token_index. */
  readonly end: number;
  readonly texts: readonly string[];
}

const aligned = (at: number, align: number): number => at + (-at & (align - 1));

/**
 * Pieces that names are made of. Characters that stay alone are their own token, and digits always do. Whether tables are aligned
 * to 8 or to 4 may not show here: then there are two answers.
 */
function* findTokens(kernel: KernelBytes): Generator<Tokens> {
  const { r, is64 } = kernel;
  const { bytes } = r;
  for (let at = findBytes(bytes, DIGITS, 0); at >= 0; at = findBytes(bytes, DIGITS, at + 1)) {
    let start = at;
    for (let token = 0; token < DIGIT_0 && start > 0; token++) start = bytes.lastIndexOf(0, start - 2) + 1;
    const texts: string[] = [];
    const offsets: number[] = [];
    let end = start;
    while (texts.length < TOKENS && end < bytes.length) {
      const stop = bytes.indexOf(0, end);
      if (stop < 0) break;
      offsets.push(end - start);
      texts.push(byteString(bytes, end, stop));
      end = stop + 1;
    }
    // What stands before may end in a byte that is not 0 and look like the start of the first token: where that ends is sure.
    const second = start + (texts[0]?.length ?? 0) + 1;
    for (const align of is64 ? [8, 4] : [4]) {
      const index = aligned(end, align);
      if (!r.contains(index, 2 * TOKENS)) continue;
      const first = second - r.u16(index + 2);
      const before = first - start;
      if (before < 0 || first >= second || r.u16(index) !== 0) continue;
      if (!offsets.every((offset, i) => i === 0 || r.u16(index + 2 * i) === offset - before)) continue;
      const whole = [byteString(bytes, first, second - 1), ...texts.slice(1)];
      yield { align, start: first, end: index + 2 * TOKENS, texts: whole };
    }
  }
}

interface Names {
  /** Of kallsyms_num_syms. */
  readonly at: number;
  readonly count: number;
  /** Of kallsyms_names. */
  readonly start: number;
}

const FEWEST = 500;
const MOST = 4_000_000;
/** Bytes of a name on average: no kernel is outside of that. */
const SHORTEST = 3;
const LONGEST = 48;
/** A marker for every so many names tells where they begin. */
const MARKED = 256;
/** Names that are walked over while the first is looked for: an image may be full of what looks like one. */
const MOST_WALKED = 50_000_000;

function findNames({ r }: KernelBytes, { start: end, align }: Tokens): Names | null {
  let left = MOST_WALKED;
  for (let at = end - (end % align) - align; at >= 0 && end - at < MOST * LONGEST && left > 0; at -= align) {
    const count = r.u32(at);
    const room = (end - at) / count;
    if (count < FEWEST || count > MOST || room < SHORTEST || room > LONGEST) continue;
    const start = aligned(at + 4, align);
    left -= count;
    if (areNames(r, start, count, end, align)) return { at, count, start };
  }
  return null;
}

/** Whether so many names stand there, with markers behind them. */
function areNames(r: ByteReader, start: number, count: number, end: number, align: number): boolean {
  let at = start;
  let second = 0;
  for (let i = 0; i < count; i++) {
    if (i === MARKED) second = at - start;
    const { length, size } = nameLength(r, at);
    at += size + length;
    if (length === 0 || at > end) return false;
  }
  const markers = aligned(at, align);
  // Up to 4.20 they are as wide as a long.
  return r.u32(markers) === 0 && [4, 8].some(width => r.u32(markers + width) === second);
}

/** Since 6.1 a length has two bytes where one is too short: 7 bits and the rest. */
function nameLength(r: ByteReader, at: number): { readonly length: number; readonly size: number } {
  const first = r.u8(at);
  return first & 0x80 ? { length: (first & 0x7f) | (r.u8(at + 1) << 7), size: 2 } : { length: first, size: 1 };
}

function decodeNames(r: ByteReader, { texts }: Tokens, { start, count }: Names): string[] {
  const names: string[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const { length, size } = nameLength(r, at);
    at += size;
    let name = '';
    for (const stop = at + length; at < stop; at++) name += texts[r.u8(at)] ?? '';
    names.push(name);
  }
  return names;
}

/** kallsyms_sym_address(): 32 bits each, counted from kallsyms_relative_base, or in 7.x each from where it stands. */
function findAddresses(kernel: KernelBytes, tokens: Tokens, { at, count }: Names): ((i: number) => bigint) | null {
  const { r, is64, sections } = kernel;
  const wide = is64 ? 8 : 4;
  const table = aligned(4 * count, tokens.align);
  const behind = aligned(tokens.end, tokens.align);
  // Up to 6.3 they stand before the names, later behind the tokens.
  const places = [
    { offsets: at - wide - table, base: at - wide },
    { offsets: behind, base: behind + table },
  ];
  for (const { offsets, base } of places) {
    if (offsets < 0 || !r.contains(offsets, table + wide)) continue;
    const from = is64 ? r.u64(base) : BigInt(r.u32(base));
    // CONFIG_KALLSYMS_ABSOLUTE_PERCPU: negative ones count from the base, the others are addresses themselves.
    const percpu = r.i32(offsets + 4 * (count - 1)) < 0;
    const address = (i: number): bigint => {
      const offset = r.i32(offsets + 4 * i);
      if (percpu) return offset < 0 ? from - 1n - BigInt(offset) : BigInt(offset);
      return from + BigInt(offset >>> 0);
    };
    if (ascends(address, count)) return address;
  }
  const section = [...(sections?.values() ?? [])].find(
    ({ sh_offset, sh_size, sh_addr }) => sh_addr > 0n && behind >= sh_offset && behind < sh_offset + sh_size,
  );
  const here = section ? section.sh_addr + BigInt(behind - section.sh_offset) : BigInt(behind);
  const selfRelative = (i: number): bigint => here + BigInt(4 * i + r.i32(behind + 4 * i));
  return r.contains(behind, table) && ascends(selfRelative, count) ? selfRelative : null;
}

function ascends(address: (i: number) => bigint, count: number): boolean {
  let before = -1n;
  for (let i = 0; i < count; i++) {
    const now = address(i);
    if (now < before) return false;
    before = now;
  }
  return before > 0n;
}
