// Every field of the file header and of each section header, with values that do not belong there.
import {
  EHDR_FIELDS,
  SHDR_FIELDS,
  type EhdrField,
  type KoFile,
  type KoSection,
  type ShdrField,
} from '../../lib/koFile';
import type { Patch } from '../../lib/recipe';
import { toHex } from '../../lib/recipe';
import { mutant, type Kit, type Topic } from '../kit';
import { surviveWildNames } from '../sections';
import { draw, hex, wrongValues } from './values';

const SHDR_SIZE = 64;
/** SHF_WRITE to SHF_COMPRESSED, SHF_RELA_LIVEPATCH, SHF_RO_AFTER_INIT, SHF_EXCLUDE. */
const FLAGS = [1, 2, 4, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x100000, 0x200000, 0x80000000] as const;
/** SHT_NULL to SHT_SYMTAB_SHNDX, and one of each reserved range. */
const TYPES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 17, 18, 0x60000000, 0x70000001, 0x80000000] as const;

/** Code that moves is run, and a struct module that moves is believed: each crash costs a restart of the machine. */
function runsOrRules({ name }: KoSection): boolean {
  return /^\.rela|text|^\.symtab|^\.gnu\.linkonce|^__mcount|^\.(?:return|call|retpoline)_sites|^\.orc|^\.(?:init|exit)\.data/.test(
    name,
  );
}

/** What the kernel uses unchecked and does not survive; tried on two sections, which shows it well enough. */
function deadly(kit: Kit, { name, sh_flags }: KoSection, field: string, value: bigint): boolean {
  if (name === '' || name === '.bss') return false;
  if (field === 'sh_name') return value > 0xffffn && !surviveWildNames(kit, sh_flags);
  return field === 'sh_addralign' && value > 0x7fffffffn;
}

function fileHeader(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('noinit');
  return Object.entries(EHDR_FIELDS).flatMap(([field, [at, width]]) => {
    const current = ko.numberAt(at, width);
    return wrongValues(width, current).map(value =>
      mutant(`wide/ehdr/${field}/${hex(value)}`, ko, [ko.setEhdr(field as EhdrField, value)]),
    );
  });
}

function everyField(
  kit: Kit,
  ko: KoFile,
  sections: readonly KoSection[],
  count: number,
  seed: number,
): ReturnType<Topic> {
  const random = kit.seeded(seed);
  return sections.flatMap(section =>
    Object.entries(SHDR_FIELDS).flatMap(([field, [at, width]]) => {
      const { index, name } = section;
      const values = wrongValues(width, ko.numberAt(ko.shdrAt(index) + at, width));
      const survived = values.filter(value => !deadly(kit, section, field, value));
      return draw(survived, count, random).map(value =>
        mutant(`wide/shdr/${ko.fixture}/${index}${name}/${field}/${hex(value)}`, ko, [
          ko.setShdr(index, field as ShdrField, value),
        ]),
      );
    }),
  );
}

function set(
  ko: KoFile,
  what: string,
  field: ShdrField,
  valuesFor: (section: KoSection) => readonly number[],
  sections = ko.sections,
): ReturnType<Topic> {
  return sections
    .filter(({ index }) => index > 0)
    .flatMap(section =>
      valuesFor(section)
        .filter(value => value !== section[field as 'sh_type'])
        .map(value =>
          mutant(`wide/${what}/${ko.fixture}/${section.index}${section.name}/${hex(value)}`, ko, [
            ko.setShdr(section.index, field, value),
          ]),
        ),
    );
}

/** Two neighbours exchange their headers: what names them by index now names the other. */
function swapped(ko: KoFile): ReturnType<Topic> {
  return ko.sections.slice(1, -1).map(({ index, name }) => {
    const [one, two] = [ko.shdrAt(index), ko.shdrAt(index + 1)];
    const header = (at: number): string => toHex(ko.bytes.subarray(at, at + SHDR_SIZE));
    const patches: Patch[] = [
      [one, header(two)],
      [two, header(one)],
    ];
    return mutant(`wide/swapped/${ko.fixture}/${index}${name}`, ko, patches);
  });
}

export const headerFields: Topic = kit => {
  const [notext, noinit, many, big] = ['notext', 'noinit', 'manyexports', 'bigdata'].map(name => kit.ko(name)) as [
    KoFile,
    KoFile,
    KoFile,
    KoFile,
  ];
  const random = kit.seeded(510);
  // Where the size of struct module is not compared, a small section of that name is overrun.
  const ruler = notext.section('.gnu.linkonce.this_module').sh_name;
  const sizeChecked = kit.key === '6.12' || kit.key === '7.2';
  const plain = (ko: KoFile): KoSection[] => ko.sections.filter(section => section.index > 0 && !runsOrRules(section));
  return [
    ...fileHeader(kit),
    ...everyField(kit, notext, notext.sections, 1, 61),
    ...everyField(kit, noinit, noinit.sections, 1, 612),
    ...everyField(kit, many, plain(many), 1, 72),
    ...everyField(kit, big, plain(big), 1, 73),
    ...set(notext, 'flags', 'sh_flags', s =>
      draw(FLAGS, 4, random)
        .map(flag => s.sh_flags ^ flag)
        .map(f => f >>> 0),
    ),
    ...set(big, 'flags', 'sh_flags', s => draw(FLAGS, 2, random).map(flag => (s.sh_flags ^ flag) >>> 0), plain(big)),
    ...set(notext, 'type', 'sh_type', () => draw(TYPES, 3, random)),
    ...set(big, 'type', 'sh_type', () => draw(TYPES, 1, random), plain(big)),
    ...set(notext, 'renamed', 'sh_name', ({ sh_name }) => [
      sh_name + 1,
      ...draw(
        notext.sections.map(other => other.sh_name),
        2,
        random,
      ).filter(other => other !== sh_name + 1 && (sizeChecked || other !== ruler)),
    ]),
    ...swapped(notext),
    ...swapped(noinit),
  ];
};
