// What the kernel writes into a module after relocating it: instructions it patches, which the module itself lists in
// sections, and tables it sorts. Both sides of a comparison pass through here, so that only relocated bytes count.
import type { KoFile } from '../lib/koFile';
import { type KoSection } from '../lib/koFile';

/** A section as it stands in memory. */
export interface Contents {
  readonly name: string;
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

const RELA_SIZE = 24;

/** Where a relocation of a table points: a place in a section of the same module, as symbol and addend tell. */
interface Target {
  /** bytes from the start of the table */
  readonly at: number;
  readonly section: number;
  readonly offset: number;
  readonly symbol: string;
}

/** Sites that a table lists: how large its entries are, which field names the site, and how many bytes are patched. */
interface SiteTable {
  readonly name: string;
  readonly entrySize: (targets: readonly Target[], section: KoSection) => number;
  readonly field: number;
  /** `object` is the size of the object that begins at the site, by its symbol. */
  readonly patched: (entry: Buffer, site: Buffer, object: number) => number;
}

const fixed = (size: number) => (): number => size;

/** Length of a call or jump: CS prefix, two-byte opcode of a conditional jump, or one byte, then four of distance. */
function branchLength(site: Buffer): number {
  const prefix = site[0] === 0x2e ? 1 : 0;
  return prefix + (site[prefix] === 0x0f ? 6 : 5);
}

/** A jump label is a jump or a no-operation of two bytes or of five. */
function labelLength(site: Buffer): number {
  return site[0] === 0xeb || (site[0] === 0x66 && site[1] === 0x90) ? 2 : 5;
}

/** Two relocations per entry: the distance to the third is the size (struct alt_instr grew between releases). */
function alternativeSize(targets: readonly Target[], { sh_size }: KoSection): number {
  const starts = targets.map(({ at }) => at).sort((a, b) => a - b);
  return starts.length > 2 ? (starts[2] ?? 0) - (starts[0] ?? 0) : sh_size;
}

const SITES: readonly SiteTable[] = [
  {
    name: '.altinstructions',
    entrySize: alternativeSize,
    field: 0,
    // Since 6.3 flags stand between the feature and the length.
    patched: entry => entry[entry.length >= 14 ? 12 : 10] ?? 0,
  },
  { name: '.parainstructions', entrySize: fixed(16), field: 0, patched: entry => entry[9] ?? 0 },
  { name: '.retpoline_sites', entrySize: fixed(4), field: 0, patched: (_, site) => branchLength(site) },
  { name: '.return_sites', entrySize: fixed(4), field: 0, patched: (_, site) => branchLength(site) },
  { name: '.call_sites', entrySize: fixed(4), field: 0, patched: (_, site) => branchLength(site) },
  { name: '.ibt_endbr_seal', entrySize: fixed(4), field: 0, patched: () => 4 },
  { name: '.smp_locks', entrySize: fixed(4), field: 0, patched: () => 1 },
  { name: '__mcount_loc', entrySize: fixed(8), field: 0, patched: () => 5 },
  { name: '__jump_table', entrySize: fixed(16), field: 0, patched: (_, site) => labelLength(site) },
  // struct static_key, when it is the module's own: the list of its users hangs there.
  { name: '__jump_table', entrySize: fixed(16), field: 8, patched: () => 16 },
  { name: '.static_call_sites', entrySize: fixed(8), field: 0, patched: (_, site) => branchLength(site) },
  // struct static_call_key, likewise.
  { name: '.static_call_sites', entrySize: fixed(8), field: 4, patched: () => 16 },
  // Structures that a subsystem makes its own when the module comes.
  { name: '___srcu_struct_ptrs', entrySize: fixed(8), field: 0, patched: (_, __, object) => object },
  { name: '_ftrace_events', entrySize: fixed(8), field: 0, patched: (_, __, object) => object },
];

/** Tables the kernel sorts by what they point to: `relative` fields count from where they stand. */
const SORTED: Readonly<
  Record<string, { size: number; relative: readonly (readonly [at: number, width: 4 | 8])[]; flags?: number }>
> = {
  __mcount_loc: { size: 8, relative: [] },
  __ex_table: {
    size: 12,
    relative: [
      [0, 4],
      [4, 4],
    ],
  },
  // Bit 1 of the key says that the site was in init memory.
  __jump_table: {
    size: 16,
    relative: [
      [0, 4],
      [4, 4],
      [8, 8],
    ],
    flags: 8,
  },
  '.static_call_sites': {
    size: 8,
    relative: [
      [0, 4],
      [4, 4],
    ],
    flags: 4,
  },
  '.orc_unwind_ip': { size: 4, relative: [[0, 4]] },
  '.orc_unwind': { size: 6, relative: [] },
};

/** The loader's own structure: the kernel keeps its books in it, so nothing of it stays as it was relocated. */
const BOOKS = '.gnu.linkonce.this_module';

/** Which of a module's sections can be compared at all: those that stay in memory and that its own code does not write. */
export function comparable({ name, sh_flags, sh_size, sh_type }: KoSection, quiet: boolean): boolean {
  if ((sh_flags & 2) === 0 || sh_size === 0 || sh_type === 8) return false;
  if (/^\.init|^\.data\.\.percpu$|^\.modinfo$|^__versions$/.test(name) || name === BOOKS) return false;
  return quiet || (sh_flags & 1) === 0;
}

/** Every relocation of a section that points into the module itself. */
function targetsOf(ko: KoFile, section: KoSection): Target[] {
  const relas = ko.sections.find(s => s.sh_type === 4 && s.sh_info === section.index);
  if (!relas) return [];
  const view = Buffer.from(ko.bytes.buffer, ko.bytes.byteOffset, ko.bytes.byteLength);
  const symbols = ko.symbols;
  return Array.from({ length: relas.sh_size / RELA_SIZE }, (_, i) => {
    const at = relas.sh_offset + i * RELA_SIZE;
    const symbol = symbols[view.readUInt32LE(at + 12)];
    return {
      at: Number(view.readBigUInt64LE(at)),
      symbol: symbol?.name ?? '',
      section: symbol?.st_shndx ?? 0,
      offset: Number(BigInt.asIntN(64, (symbol?.st_value ?? 0n) + view.readBigInt64LE(at + 16))),
    };
  });
}

function objectSize(ko: KoFile, section: number, offset: number): number {
  const here = ko.symbols.find(s => s.st_shndx === section && s.st_value === BigInt(offset) && s.st_size > 0);
  return here?.st_size ?? 0;
}

/**
 * Blanks what is patched, and brings sorted tables into one order. Answers new contents by section index.
 *
 * @param addressOf where a section of that name lies, also those in init memory, which are not compared
 */
export function mask(
  ko: KoFile,
  memory: ReadonlyMap<number, Contents>,
  addressOf: (section: string) => bigint | null,
): Map<number, Uint8Array> {
  const masked = new Map<number, Buffer>([...memory].map(([index, { bytes }]) => [index, Buffer.from(bytes)]));
  for (const table of SITES) {
    for (const section of ko.sections.filter(s => s.name === table.name && s.sh_size > 0)) {
      const targets = targetsOf(ko, section);
      const size = table.entrySize(targets, section);
      for (const { at, section: where, offset } of targets.filter(t => t.at % size === table.field)) {
        const start = section.sh_offset + at - table.field;
        const place = ko.sections[where];
        if (!place || place.index === 0 || offset < 0 || offset >= place.sh_size) continue;
        const site = Buffer.alloc(8);
        if (place.sh_type !== 8) site.set(ko.bytes.subarray(place.sh_offset + offset, place.sh_offset + offset + 8));
        const entry = Buffer.from(ko.bytes.subarray(start, start + size));
        const length = table.patched(entry, site, objectSize(ko, where, offset));
        masked.get(where)?.fill(0, offset, Math.min(offset + length, place.sh_size));
      }
    }
  }
  for (const [index, { name, address }] of memory) {
    const bytes = masked.get(index);
    if (bytes && SORTED[name]) masked.set(index, inOrder(name, address, bytes, trampolineCalls(ko, addressOf)));
  }
  return masked;
}

/** Addresses of static calls by a trampoline alone: the kernel writes the key that belongs to it in the entry. */
function trampolineCalls(ko: KoFile, addressOf: (section: string) => bigint | null): Set<string> {
  const table = ko.sections.find(s => s.name === '.static_call_sites');
  const targets = table ? targetsOf(ko, table) : [];
  const keys = new Set(targets.filter(t => t.at % 8 === 4 && t.symbol.startsWith('__SCT__')).map(t => t.at - 4));
  const sites = targets.filter(t => keys.has(t.at));
  return new Set(
    sites.flatMap(({ section, offset }) => {
      const base = addressOf(ko.sections[section]?.name ?? '');
      return base === null ? [] : [(base + BigInt(offset)).toString(16)];
    }),
  );
}

/** `looked` are sites whose second field is left out. */
function inOrder(name: string, address: bigint, bytes: Buffer, looked: ReadonlySet<string>): Buffer {
  const { size = 1, relative = [], flags } = SORTED[name] ?? {};
  const entries = Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => {
    const entry = Buffer.from(bytes.subarray(i * size, (i + 1) * size));
    const absolute = relative.map(([at, width]) => {
      const distance = width === 4 ? BigInt(entry.readInt32LE(at)) : entry.readBigInt64LE(at);
      const target = BigInt.asUintN(64, address + BigInt(i * size + at) + distance);
      entry.fill(0, at, at + width);
      return (at === flags ? target & ~3n : target).toString(16);
    });
    const [site = ''] = absolute;
    const fields = name === '.static_call_sites' && looked.has(site) ? [site] : absolute;
    return [...fields, entry.toString('hex')].join(' ');
  });
  return Buffer.from(entries.sort().join('\n'));
}
