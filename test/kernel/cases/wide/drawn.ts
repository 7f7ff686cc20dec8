// Mutants and arguments drawn at random, always the same ones: what nobody thought of.
import { number, type KoFile, type KoSection } from '../../lib/koFile';
import type { Patch } from '../../lib/recipe';
import { insmod, mutant, testCase, type Kit, type Topic } from '../kit';
import { draw } from './values';

type Random = (below: number) => number;

/** Their init does nothing with what is patched. */
const FIXTURES = [
  'notext',
  'noinit',
  'minimal',
  'exporter',
  'user',
  'tagged',
  'longnames',
  'nsuser',
  'manyexports',
] as const;
const TEXTS = /^(?:\.modinfo|__versions|\.strtab|\.shstrtab|__ksymtab_strings|\.note)/;
const BYTES = [0, 1, 0x20, 0x2e, 0x3d, 0x7f, 0x80, 0xff] as const;
const NUMBERS = [0, 1, 2, 3, 7, 8, 16, 0xff, 0x100, 0xfff, 0x1000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];
/** sh_type, sh_flags, sh_addr, sh_link, sh_info, sh_addralign, sh_entsize: their change is mostly survived. */
const SAFE_FIELDS = [4, 8, 16, 40, 44, 48, 56] as const;

function textByte(ko: KoFile, random: Random): Patch {
  const section = draw(
    ko.sections.filter(s => TEXTS.test(s.name) && s.sh_size > 0),
    1,
    random,
  )[0] as KoSection;
  const value = random(2) === 0 ? (draw(BYTES, 1, random)[0] ?? 0) : random(256);
  return number(section.sh_offset + random(section.sh_size), 1, value);
}

function headerWord(ko: KoFile, random: Random): Patch {
  const sections = ko.sections.filter(s => s.index > 0 && !/^\.rela|text|linkonce|symtab/.test(s.name));
  const section = draw(sections, 1, random)[0] as KoSection;
  const field = draw(SAFE_FIELDS, 1, random)[0] ?? 4;
  return number(ko.shdrAt(section.index) + field, 4, draw(NUMBERS, 1, random)[0] ?? 0);
}

function mutants(kit: Kit): ReturnType<Topic> {
  const random = kit.seeded(20260);
  return Array.from({ length: 260 }, (_, i) => {
    const ko = kit.ko(draw(FIXTURES, 1, random)[0] ?? 'notext');
    const patches = Array.from({ length: 1 + random(3) }, () =>
      random(3) === 0 ? headerWord(ko, random) : textByte(ko, random),
    );
    return mutant(`wide/drawn/${ko.fixture}/${i}`, ko, patches, random(12) === 0 ? { flags: random(4) } : {});
  });
}

/** A module whose tables were damaged, and one that uses it. */
function pairs(kit: Kit): ReturnType<Topic> {
  const random = kit.seeded(777);
  const byteOf = (ko: KoFile, names: readonly string[]): Patch => {
    const section = draw(
      names.filter(name => ko.hasSection(name)).map(name => ko.section(name)),
      1,
      random,
    )[0] as KoSection;
    return number(section.sh_offset + random(section.sh_size), 1, random(256));
  };
  return Array.from({ length: 80 }, (_, i) => {
    const exporter = kit.ko('exporter');
    const user = kit.ko(i % 4 === 0 ? 'gpluser' : 'user');
    const tables = ['__kcrctab', '__kcrctab_gpl', '__kflagstab', '__ksymtab_strings'];
    return i % 2 === 0
      ? testCase(`wide/pair/exporter/${i}`, insmod(exporter.module([byteOf(exporter, tables)])), insmod(user.fixture))
      : testCase(
          `wide/pair/user/${i}`,
          insmod('exporter'),
          insmod(user.module([byteOf(user, ['__versions', '.modinfo', '.strtab'])])),
        );
  });
}

const WORDS = [
  ...[
    'p_int=',
    'p_uint=',
    'p_bool=',
    'p_bool',
    'p_charp=',
    'p_string=',
    'p_ints=',
    'p_nocount=',
    'p_bools=',
    'p_byte=',
  ],
  ...['p_short=', 'p_long=', 'p_ullong=', 'p_hexint=', 'p_invbool=', 'p_bint=', 'p_enable=', 'p_charps=', 'p-int='],
  ...['bogus=', 'a.b=', 'dyndbg=', 'async_probe', 'async_probe=', '--', '"', "'", ' ', ' ', ' ', '\t', '\n', ',', ','],
  ...[
    '=',
    '1',
    '0',
    '-1',
    '+5',
    '0x1f',
    '010',
    '99999999999',
    'on',
    'off',
    'y',
    'N',
    'x',
    '1,2,3',
    '1,,2',
    'abc',
    '"a b"',
  ],
  ...['\u00e9', '\x01', '5\n', 'p_unsafe=', 'p_dash-name=', 'p_ushort=', 'p_ulong=', 'p_bytes=', '-', '_', '.', '\\'],
];

function argumentsOf(kit: Kit): ReturnType<Topic> {
  const random = kit.seeded(3055);
  return Array.from({ length: 100 }, (_, i) => {
    const args = Array.from({ length: 1 + random(9) }, () => draw(WORDS, 1, random)[0] ?? '').join('');
    return testCase(`wide/arguments/${i}`, insmod('paramkinds', { args }));
  });
}

export const drawn: Topic = kit => [...mutants(kit), ...pairs(kit), ...argumentsOf(kit)];
