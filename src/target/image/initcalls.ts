// The functions that a kernel calls when it starts, in their order (include/linux/init.h, do_initcalls() in init/main.c).
import type { KernelSymbol } from './kallsyms';
import type { KernelBytes } from './kernelBytes';

/** One function that the kernel calls when it starts. */
export interface Initcall {
  readonly function: string;
  readonly level: InitcallLevel;
  /** It waits for what earlier ones of its level started: `*_initcall_sync()`. null where the kernel does not tell. */
  readonly sync: boolean | null;
  /** The module that it would be, had it not been built in; null where the kernel does not tell. */
  readonly module: string | null;
}

/** `pure` to `late` are the numbers 0 to 7; `rootfs` comes behind 5. */
export type InitcallLevel = (typeof LEVELS)[number]['level'];

/** Where each level begins. */
const LEVELS = [
  { level: 'early', symbol: '__initcall_start' },
  { level: 'pure', symbol: '__initcall0_start' },
  { level: 'core', symbol: '__initcall1_start' },
  { level: 'postcore', symbol: '__initcall2_start' },
  { level: 'arch', symbol: '__initcall3_start' },
  { level: 'subsys', symbol: '__initcall4_start' },
  { level: 'fs', symbol: '__initcall5_start' },
  { level: 'rootfs', symbol: '__initcallrootfs_start' },
  { level: 'device', symbol: '__initcall6_start' },
  { level: 'late', symbol: '__initcall7_start' },
] as const;

const END = '__initcall_end';

/** All of them, first to last; null where the image does not tell where they are. Never throws. */
export function readInitcalls(kernel: KernelBytes, symbols: readonly KernelSymbol[]): Initcall[] | null {
  const byName = new Map(symbols.map(({ name, address }) => [name, address]));
  const start = byName.get(LEVELS[0].symbol);
  const end = byName.get(END);
  const fileOffset = mapping(kernel, byName);
  if (start === undefined || end === undefined || !fileOffset) return null;
  const functions = new Map<bigint, string>();
  for (const { name, type, address } of symbols) if (/[tw]/i.test(type)) functions.set(address, name);
  const entries = entriesOf(kernel, start, end, fileOffset, functions);
  const marks = marksOf(symbols);
  const begins = LEVELS.map(({ level, symbol }) => ({ level, from: byName.get(symbol) ?? end }));
  return (
    entries &&
    entries.map(({ at, target }) => ({
      function: functions.get(target) ?? `0x${target.toString(16)}`,
      level: begins.findLast(({ from }) => from <= at)?.level ?? 'early',
      ...(marks.get(at) ?? { sync: null, module: null }),
    }))
  );
}

type FileOffset = (address: bigint) => number | null;

/** Where an address is in the file: by section headers, or counted from the first byte of an image without them. */
function mapping({ sections }: KernelBytes, byName: ReadonlyMap<string, bigint>): FileOffset | null {
  if (!sections) {
    // The first byte has either name, or comes before what has the other.
    const starts = ['_start', '_text'].flatMap(name => byName.get(name) ?? []);
    const first = starts.reduce((least, address) => (address < least ? address : least), starts[0] ?? 0n);
    return starts.length === 0 ? null : address => Number(address - first);
  }
  const all = [...sections.values()].filter(({ sh_addr }) => sh_addr > 0n);
  return address => {
    const found = all.find(({ sh_addr, sh_size }) => address >= sh_addr && address < sh_addr + BigInt(sh_size));
    return found ? found.sh_offset + Number(address - found.sh_addr) : null;
  };
}

interface Entry {
  readonly at: bigint;
  readonly target: bigint;
}

/** Of so many entries nearly all must be functions. */
const MOST = 100_000;

/** Distances of 32 bits (CONFIG_HAVE_ARCH_PREL32_RELOCATIONS, since 4.19), or addresses. */
function entriesOf(
  { r, is64 }: KernelBytes,
  start: bigint,
  end: bigint,
  fileOffset: FileOffset,
  functions: ReadonlyMap<bigint, string>,
): Entry[] | null {
  const read = (width: 4 | 8, target: (offset: number, at: bigint) => bigint): Entry[] => {
    const entries: Entry[] = [];
    for (let at = start; at < end && entries.length < MOST; at += BigInt(width)) {
      const offset = fileOffset(at);
      if (offset !== null) entries.push({ at, target: target(offset, at) });
    }
    return entries;
  };
  const forms = [
    read(4, (offset, at) => at + BigInt(r.i32(offset))),
    is64 ? read(8, offset => r.u64(offset)) : read(4, offset => BigInt(r.u32(offset))),
  ];
  const known = (entries: readonly Entry[]): number => entries.filter(({ target }) => functions.has(target)).length;
  return forms.find(entries => entries.length > 0 && known(entries) > 0.9 * entries.length) ?? null;
}

/** Since 5.11 each entry has a symbol that tells its module, and an `s` behind the level of those that wait. */
function marksOf(symbols: readonly KernelSymbol[]): ReadonlyMap<bigint, Pick<Initcall, 'sync' | 'module'>> {
  const marks = new Map<bigint, Pick<Initcall, 'sync' | 'module'>>();
  for (const { name, address } of symbols) {
    const found = /^__initcall__kmod_(.+?)__\d+_\d+_.*?(?:\d|early|rootfs)(s?)$/.exec(name);
    if (found) marks.set(address, { module: found[1] ?? null, sync: found[2] === 's' });
  }
  return marks;
}
