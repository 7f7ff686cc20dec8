// Type information that was changed: every field of types of every kind, the header, names, and bytes drawn at random. Stock
// modules build on the BTF of vmlinux; our fixture brings the types it builds on along.
import { parsedBtf, type ParsedType } from '../lib/btfFile';
import { KoFile, number } from '../lib/koFile';
import type { BootPlan } from '../lib/record';
import type { ModuleSpec, Patch } from '../lib/recipe';
import type { Case } from '../lib/recording';
import { insmod, testCase, type Kit, type Random } from './kit';

/** Modules that say nothing when they start, with types of many kinds between them. */
const MODULES = [
  'kernel/drivers/net/mii.ko',
  'kernel/lib/crc8.ko',
  'kernel/net/llc/llc.ko',
  'kernel/net/sched/sch_htb.ko',
  'kernel/net/sched/cls_basic.ko',
  'kernel/net/netfilter/x_tables.ko',
];
/** Cases of each kernel, about. */
const WANTED = 230;
const SIGNATURE = '~Module signature appended~\n';

/** A file whose BTF is changed. */
interface Source {
  readonly id: string;
  readonly bytes: Uint8Array;
  spec(patches: readonly Patch[]): ModuleSpec;
}

/** One change: its name, and what to write. */
type Change = readonly [name: string, ...patches: Patch[]];

/** A boot in which modules have strange types; none where the modules are not at hand. */
export function btfBoots(kit: Kit): BootPlan[] {
  const stock = stockSources(kit);
  // The types are checked against the BTF in the image, which is where the modules are.
  if (stock.length === 0) return [];
  const sources = [...stock, ...fixtureSources(kit)];
  const cases = sources.flatMap(source => casesOf(kit, source, Math.ceil(WANTED / sources.length)));
  return [{ boot: 'btf', cmdline: '', cases }];
}

function stockSources(kit: Kit): Source[] {
  return MODULES.flatMap(stock => {
    const bytes = kit.stock(stock);
    if (!bytes) return [];
    const truncate = unsignedLength(bytes);
    const name = stock.replace(/^.*\/|\.ko$/g, '');
    const spec = (patches: readonly Patch[]): ModuleSpec => ({ stock, patches, truncate });
    return [{ id: `stock/btf/${name}`, bytes: bytes.subarray(0, truncate), spec }];
  });
}

function fixtureSources(kit: Kit): Source[] {
  const ko = kit.ko('btf');
  if (!ko.hasSection('.BTF')) return [];
  return [{ id: 'stock/btf/fixture', bytes: ko.bytes, spec: patches => ko.module(patches) }];
}

/** A signature over other bytes would be the first thing to be refused. */
function unsignedLength(bytes: Uint8Array): number {
  const file = Buffer.from(bytes);
  const marker = file.length - SIGNATURE.length;
  if (file.toString('latin1', marker) !== SIGNATURE) return file.length;
  return marker - 12 - file.readUInt32BE(marker - 4);
}

function casesOf(kit: Kit, source: Source, count: number): Case[] {
  const ko = new KoFile(source.id, source.bytes);
  const random = kit.seeded(source.id.length * 131 + 17);
  const sections = ['.BTF', '.BTF.base'].filter(name => ko.hasSection(name) && ko.section(name).sh_size > 0);
  const all = sections.flatMap(name => [
    ...changesOf(source.bytes, ko.section(name), name.slice(1).toLowerCase(), random),
  ]);
  if (sections.length === 2) all.push(...circles(source.bytes, ko));
  // What is drawn may be drawn twice.
  const changes = [...new Map(all.map(change => [change[0], change])).values()];
  // Every so many of them, as changes of one kind stand together; all of the few that are made by hand.
  const step = Math.max(1, changes.length / count);
  const chosen = changes.filter(
    ([name], i) => Math.floor(i / step) !== Math.floor((i - 1) / step) || /^btf\/(?:circle|tag)/.test(name),
  );
  return chosen.map(([name, ...patches]) => testCase(`${source.id}/${name}`, insmod(source.spec(patches))));
}

/** All changes of one section. */
function* changesOf(
  bytes: Uint8Array,
  { sh_offset, sh_size }: { readonly sh_offset: number; readonly sh_size: number },
  section: string,
  random: Random,
): Generator<Change> {
  const { types, strings, stringLength } = parsedBtf(bytes.subarray(sh_offset, sh_offset + sh_size));
  const at = (offset: number): number => sh_offset + offset;
  for (const [field, offset, width] of HEADER)
    for (const value of [1, 0x7fff, 0x8000_0001])
      yield [`${section}/header/${field}-${value}`, number(at(offset), width, value % 2 ** (8 * width))];
  const kinds = [...new Set(types.map(({ kind }) => kind))];
  for (const kind of kinds) {
    const ofKind = types.filter(type => type.kind === kind);
    for (const type of [ofKind[0], ofKind[random(ofKind.length)]]) {
      if (type) yield* changesOfType(type, at, `${section}/${type.name}-${type.id}`);
      if (ofKind.length === 1) break;
    }
  }
  for (const char of ['00', '20', '2d', '80', 'e4', '41'])
    yield [`${section}/string/${char}`, [at(strings + 1 + random(Math.max(1, stringLength - 2))), char]];
  for (let i = 0; i < 30; i++) {
    const offset = 24 + random(sh_size - 24);
    const bit = 1 << random(8);
    yield [`${section}/bit/${offset}-${bit}`, number(at(offset), 1, (bytes[at(offset)] ?? 0) ^ bit)];
  }
}

/** Modifiers that lead to themselves; ids are known where the module brings along what it builds on. */
function* circles(bytes: Uint8Array, ko: KoFile): Generator<Change> {
  const [own, base] = ['.BTF', '.BTF.base'].map(name => {
    const { sh_offset, sh_size } = ko.section(name);
    return { sh_offset, types: parsedBtf(bytes.subarray(sh_offset, sh_offset + sh_size)).types };
  });
  if (!own || !base) return;
  for (const kind of ['typedef', 'const', 'volatile', 'ptr']) {
    const type = own.types.find(({ name }) => name === kind);
    if (type) yield [`btf/circle/${kind}`, number(own.sh_offset + type.offset + 8, 4, base.types.length + type.id)];
  }
  const tagged = own.types.find(({ name }) => name === 'const');
  const named = own.types.find(({ name }) => name === 'typedef');
  if (!tagged || !named) return;
  const at = own.sh_offset + named.offset;
  const id = base.types.length + named.id;
  yield ['btf/tag/behind-const', number(at + 4, 4, 18 << 24), number(own.sh_offset + tagged.offset + 8, 4, id)];
  yield ['btf/tag/flagged', number(at + 4, 4, ((18 << 24) | 0x8000_0000) >>> 0)];
}

const HEADER = [
  ['magic', 0, 2],
  ['version', 2, 1],
  ['flags', 3, 1],
  ['hdr_len', 4, 4],
  ['type_off', 8, 4],
  ['type_len', 12, 4],
  ['str_off', 16, 4],
  ['str_len', 20, 4],
] as const;

const WORDS = [0, 1, 0xffff, 0x10_0000, 0x00ff_ffff, 0x0100_0000, 0xffff_ffff];

/** Each word of a type, and what its info word is made of. */
function* changesOfType(type: ParsedType, at: (offset: number) => number, id: string): Generator<Change> {
  const { offset, info, words } = type;
  const infos = { vlen: info ^ 1, 'vlen-more': info + 2, kflag: (info ^ 0x8000_0000) >>> 0, unused: info | 0x2_0000 };
  for (const [name, value] of Object.entries(infos)) yield [`${id}/${name}`, number(at(offset + 4), 4, value)];
  for (const kind of [0, type.kind + 1, 19, 20, 31])
    yield [`${id}/kind-${kind}`, number(at(offset + 4), 4, ((info & 0x80ff_ffff) | (kind << 24)) >>> 0)];
  for (let word = 0; word < Math.min(words, 9); word++) {
    if (word === 1) continue;
    for (const value of WORDS)
      yield [`${id}/word-${word}-${value.toString(16)}`, number(at(offset + 4 * word), 4, value)];
  }
}
