// Entries of the symbol table and of relocation sections, field by field.
import type { KoFile, RelaField, SymField } from '../../lib/koFile';
import { RELA_FIELDS, SYM_FIELDS } from '../../lib/koFile';
import { mutant, type Kit, type Topic } from '../kit';
import { draw, hex, wrongValues } from './values';

/** st_shndx: the reserved indices and their neighbours. */
const INDICES = [0, 1, 2, 0xfeff, 0xff00, 0xff1f, 0xff20, 0xff3f, 0xfff0, 0xfff1, 0xfff2, 0xfff3, 0xffff] as const;
const TYPES = [0, 1, 2, 4, 10, 11, 24] as const;
const UNKNOWN_TYPES = [3, 5, 8, 9, 12, 23, 25, 26, 38, 41, 42, 43, 255, 0x8000_0000] as const;
const ADDENDS = [1n, -1n, 8n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n, -0x80000000n, -0x80000001n] as const;

function symbolFields(kit: Kit, fixture: string, count: number, seed: number): ReturnType<Topic> {
  const ko = kit.ko(fixture);
  const random = kit.seeded(seed);
  const table = ko.section('.symtab').sh_offset;
  return ko.symbols.flatMap(({ index }) =>
    Object.entries(SYM_FIELDS).flatMap(([field, [at, width]]) => {
      const current = ko.numberAt(table + index * 24 + at, width);
      const values =
        field === 'st_shndx' ? INDICES.map(BigInt).filter(v => v !== current) : wrongValues(width, current);
      return draw(values, count, random).map(value =>
        mutant(`wide/symbol/${ko.fixture}/${index}/${field}/${hex(value)}`, ko, [
          ko.setSymbol(index, field as SymField, value),
        ]),
      );
    }),
  );
}

/** Only data is relocated here: a pointer to code that is wrong would be called. */
function relocationFields(kit: Kit): ReturnType<Topic> {
  const random = kit.seeded(1024);
  const cases: ReturnType<Topic> = [];
  const change = (ko: KoFile, section: string, entry: number, field: RelaField, value: bigint): void => {
    const id = `wide/rela/${ko.fixture}/${section}/${entry}/${field}/${hex(value)}`;
    if (!cases.some(c => c.id === id)) cases.push(mutant(id, ko, [ko.setRela(section, entry, field, value)]));
  };
  for (const [fixture, rounds] of [
    ['notext', 30],
    ['relocs', 35],
    ['manyexports', 20],
  ] as const) {
    const ko = kit.ko(fixture);
    const section = ko.sections.find(s => /^\.rela(?:__ksymtab|suite_relocs)/.test(s.name))?.name;
    if (section === undefined) continue;
    const size = ko.section(section.slice('.rela'.length)).sh_size;
    for (let i = 0; i < rounds; i++) {
      const entry = random(ko.relaCount(section));
      change(ko, section, entry, 'r_type', BigInt(draw([...TYPES, ...UNKNOWN_TYPES], 1, random)[0] ?? 0));
      change(ko, section, entry, 'r_addend', BigInt.asUintN(64, draw(ADDENDS, 1, random)[0] ?? 0n));
      if (i % 2 === 0) change(ko, section, entry, 'r_sym', BigInt(random(ko.symbols.length)));
      if (i % 2 === 0) change(ko, section, entry, 'r_offset', BigInt(random(size)));
      if (i % 10 === 0) change(ko, section, entry, 'r_offset', BigInt(size + random(16)));
    }
  }
  return cases;
}

/** Fields that no relocation should have: the width of each is known from its table. */
function wildEntries(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('notext');
  const section = ko.sections.find(s => s.name.startsWith('.rela__ksymtab'))?.name ?? '';
  const at = ko.section(section).sh_offset;
  return (['r_type', 'r_sym'] as const).flatMap(field =>
    wrongValues(4, ko.numberAt(at + RELA_FIELDS[field][0], 4))
      .slice(0, field === 'r_sym' ? 3 : 9)
      .map(value => mutant(`wide/rela/first/${field}/${hex(value)}`, ko, [ko.setRela(section, 0, field, value)])),
  );
}

export const tableFields: Topic = kit => [
  ...symbolFields(kit, 'notext', 1, 16),
  ...symbolFields(kit, 'noinit', 1, 17),
  ...relocationFields(kit),
  ...wildEntries(kit),
];
