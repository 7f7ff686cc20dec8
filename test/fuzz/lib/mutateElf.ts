// Changes to modules that know what a section header, a symbol, a relocation and a .modinfo entry are.
import { EHDR_FIELDS, KoFile, RELA_FIELDS, SHDR_FIELDS, SYM_FIELDS, type KoSection } from '../../kernel/lib/koFile';
import type { Random } from './random';
import type { Input } from './types';

const VALUES: readonly bigint[] = [
  0n,
  1n,
  2n,
  3n,
  4n,
  7n,
  8n,
  11n,
  24n,
  63n,
  64n,
  0xffn,
  0xfff1n,
  0xfff2n,
  0xff20n,
  0xffffn,
]
  .concat([0x1000n, 0x8000n, 0x1_0000n, 0x10_0000n, 0x100_0000n, 0x2000_0000n, 0x6000_0000n, 0x7fff_ffffn])
  .concat([0x8000_0000n, 0xffff_fff0n, 0xffff_ffffn, 1n << 32n, (1n << 53n) + 1n, 1n << 63n, (1n << 64n) - 1n]);

type Fields = Readonly<Record<string, readonly [offset: number, width: number]>>;

/** Changes one to four fields; null when the file is damaged too much already for its parts to be found. */
export function mutateElf(input: Input, random: Random): Input | null {
  const bytes = Uint8Array.from(input);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const ko = open(bytes);
    if (!ko) return null;
    changeOne(ko, bytes, random);
  }
  return bytes;
}

function open(bytes: Input): KoFile | null {
  try {
    const ko = new KoFile('mutant', bytes);
    return ko.sections.length > 0 ? ko : null;
  } catch {
    return null;
  }
}

function changeOne(ko: KoFile, bytes: Input, random: Random): void {
  const section = random.pick(ko.sections);
  const named = (name: string): KoSection | undefined => ko.sections.find(one => one.name === name);
  const table = (found: KoSection | undefined, size: number, fields: Fields): void => {
    const entries = Math.floor((found?.sh_size ?? 0) / size);
    if (found && entries > 0) write(bytes, found.sh_offset + random.below(entries) * size, fields, random);
  };
  switch (random.below(9)) {
    case 0:
      return write(bytes, 0, EHDR_FIELDS, random);
    case 1:
    case 2:
      return write(bytes, ko.shdrAt(section.index), SHDR_FIELDS, random);
    case 3: {
      // One header in place of another: two tables of a kind, sections that share bytes.
      const other = random.pick(ko.sections);
      bytes.copyWithin(ko.shdrAt(section.index), ko.shdrAt(other.index), ko.shdrAt(other.index) + 64);
      return;
    }
    case 4:
      return table(named('.symtab'), 24, SYM_FIELDS);
    case 5:
      return table(random.pick(ko.sections.filter(one => one.sh_type === 4).concat(section)), 24, RELA_FIELDS);
    case 6: {
      // A name for another section.
      const [offset] = SHDR_FIELDS.sh_name;
      return put(bytes, ko.shdrAt(section.index) + offset, 4, BigInt(random.pick(ko.sections).sh_name));
    }
    case 7: {
      const text = named('.modinfo') ?? section;
      if (text.sh_size > 0)
        bytes[text.sh_offset + random.below(text.sh_size)] = random.oneIn(3) ? 0 : 32 + random.below(96);
      return;
    }
    default:
      if (section.sh_size > 0 && section.sh_offset < bytes.length)
        put(bytes, section.sh_offset + random.below(section.sh_size), 1 << random.below(4), random.pick(VALUES));
  }
}

function write(bytes: Input, at: number, fields: Fields, random: Random): void {
  const [offset, width] = random.pick(Object.values(fields));
  put(bytes, at + offset, width, random.oneIn(3) ? BigInt(random.below(bytes.length)) : random.pick(VALUES));
}

function put(bytes: Input, at: number, width: number, value: bigint): void {
  for (let i = 0; i < width && at + i < bytes.length; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}
