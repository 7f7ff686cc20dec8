// Section headers: bounds, names, the sections the loader looks up, flags, and what ends up in memory.
import type { ShdrField } from '../lib/koFile';
import { number } from '../lib/koFile';
import { insmod, mutant, testCase, type Kit, type Topic } from './kit';

const HUGE = [0xffffffffffffffffn, 0x7fffffffffffffffn, 0x100000000n] as const;

/**
 * Whether a name far outside the table is refused before it is looked at. Below 7.2 only names of ALLOC sections are
 * checked, and 6.12 compares the name first; the kernel then dies, which one case shows well enough.
 */
export function surviveWildNames(kit: Kit, flags: number): boolean {
  return kit.key === '7.2' || ((flags & 2) !== 0 && kit.key !== '6.12');
}

function bounds(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const { length } = ko.bytes;
  const targets = [
    '.text',
    '.data',
    '.modinfo',
    '.symtab',
    '.strtab',
    '.shstrtab',
    '.gnu.linkonce.this_module',
    '.comment',
  ];
  return targets
    .filter(name => ko.hasSection(name))
    .flatMap(name => {
      const { index, sh_offset, sh_size, sh_flags } = ko.section(name);
      const set = (field: ShdrField, value: number | bigint, what: string): ReturnType<typeof mutant> =>
        mutant(`sections/bounds/${name}/${field}/${what}`, ko, [ko.setShdr(index, field, value)]);
      return [
        ...HUGE.map(value => set('sh_offset', value, `0x${value.toString(16)}`)),
        ...HUGE.map(value => set('sh_size', value, `0x${value.toString(16)}`)),
        set('sh_offset', length - sh_size + 1, 'one-past-end'),
        set('sh_size', length - sh_offset + 1, 'one-past-end'),
        set('sh_name', ko.section('.shstrtab').sh_size, 'name-past-end'),
        ...(name === '.comment' || surviveWildNames(kit, sh_flags) ? [set('sh_name', 0xffffffff, 'name-huge')] : []),
      ];
    });
}

function nobits(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('bigdata');
  const { index } = ko.section('.bss');
  const past = ko.section('.shstrtab').sh_size;
  return [
    mutant('sections/nobits/offset-huge', ko, [ko.setShdr(index, 'sh_offset', 0xffffffffffffffffn)]),
    mutant('sections/nobits/name-past-end', ko, [ko.setShdr(index, 'sh_name', past)]),
    mutant('sections/nobits/one-page-more', ko, [ko.setShdr(index, 'sh_size', ko.section('.bss').sh_size + 4096)]),
  ];
}

function nullSection(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const fields: ShdrField[] = [
    'sh_name',
    'sh_type',
    'sh_flags',
    'sh_addr',
    'sh_offset',
    'sh_size',
    'sh_link',
    'sh_info',
  ];
  return fields.map(field => mutant(`sections/null/${field}`, ko, [ko.setShdr(0, field, 1)]));
}

function nameTable(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const { index, sh_offset, sh_size } = ko.section('.shstrtab');
  return [
    mutant('sections/shstrtab/empty', ko, [ko.setShdr(index, 'sh_size', 0)]),
    mutant('sections/shstrtab/one-byte', ko, [ko.setShdr(index, 'sh_size', 1)]),
    mutant('sections/shstrtab/unterminated', ko, [number(sh_offset + sh_size - 1, 1, 0x41)]),
    mutant('sections/shstrtab/one-shorter', ko, [ko.setShdr(index, 'sh_size', sh_size - 1)]),
    ...[0, 1, 2, 8].map(type => mutant(`sections/shstrtab/type-${type}`, ko, [ko.setShdr(index, 'sh_type', type)])),
  ];
}

/** The sections the loader finds by name or type: absent, twice, or of another kind. */
function lookedUp(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const spare = ko.section('.comment');
  const names = ['.modinfo', '.gnu.linkonce.this_module', '__versions'].filter(name => ko.hasSection(name));
  return names.flatMap(name => {
    const { index, sh_name, sh_size, sh_flags } = ko.section(name);
    const set = (what: string, field: ShdrField, value: number): ReturnType<typeof mutant> =>
      mutant(`sections/${name}/${what}`, ko, [ko.setShdr(index, field, value)]);
    const twin = [ko.setShdr(spare.index, 'sh_name', sh_name), ko.setShdr(spare.index, 'sh_flags', 2)];
    return [
      mutant(`sections/${name}/absent`, ko, [ko.renameSection(name)]),
      mutant(`sections/${name}/twice`, ko, twin),
      mutant(`sections/${name}/twice-not-alloc`, ko, twin.slice(0, 1)),
      set('not-alloc', 'sh_flags', sh_flags & ~2),
      set('nobits', 'sh_type', 8),
      set('null', 'sh_type', 0),
      set('strtab', 'sh_type', 3),
      set('longer', 'sh_size', sh_size + 8),
      set('shorter', 'sh_size', sh_size - 8),
      set('empty', 'sh_size', 0),
    ].filter(c => !CRASHES.has(`${name} ${c.id.split('/').at(-1) ?? ''}`) || kit.key === '6.12' || kit.key === '7.2');
  });
}

/** Before 6.4 nothing checks these, and the kernel goes on with memory that is not there. */
const CRASHES = new Set([
  '.gnu.linkonce.this_module empty',
  '.gnu.linkonce.this_module null',
  '.gnu.linkonce.this_module shorter',
]);

function symbolTable(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const { index, sh_link } = ko.section('.symtab');
  const strtab = ko.section('.strtab');
  const count = ko.sections.length;
  const spare = ko.section('.comment').index;
  return [
    mutant('sections/symtab/absent', ko, [ko.setShdr(index, 'sh_type', 1)]),
    mutant('sections/symtab/null', ko, [ko.setShdr(index, 'sh_type', 0)]),
    mutant('sections/symtab/twice', ko, [ko.setShdr(spare, 'sh_type', 2), ko.setShdr(spare, 'sh_link', sh_link)]),
    mutant('sections/symtab/twice-no-link', ko, [ko.setShdr(spare, 'sh_type', 2)]),
    ...[0, count, count + 1, 0xffff, 0xffffffff].map(link =>
      mutant(`sections/symtab/link-${link - count}`, ko, [ko.setShdr(index, 'sh_link', link)]),
    ),
    mutant('sections/symtab/info', ko, [ko.setShdr(index, 'sh_info', 0)]),
    mutant('sections/strtab/type', ko, [ko.setShdr(strtab.index, 'sh_type', 1)]),
    mutant('sections/strtab/leading', ko, [number(strtab.sh_offset, 1, 0x41)]),
    mutant('sections/strtab/unterminated', ko, [number(strtab.sh_offset + strtab.sh_size - 1, 1, 0x41)]),
    mutant('sections/strtab/alloc', ko, [ko.setShdr(strtab.index, 'sh_flags', 2)]),
  ];
}

function flagsAndAlignment(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('bigdata');
  const set = (name: string, field: ShdrField, value: number): ReturnType<typeof mutant> =>
    mutant(`sections/layout/${name}/${field}-${value}`, ko, [ko.setShdr(ko.section(name).index, field, value)]);
  return [
    ...[1, 2, 3, 6, 7].map(flags => set('suite_rw', 'sh_flags', flags)),
    ...[0, 1, 3, 4, 7].map(flags => set('suite_noalloc', 'sh_flags', flags)),
    ...[2, 3, 0x200002, 0x200003, 0x10000002, 0x10000003].map(flags => set('suite_ro', 'sh_flags', flags)),
    ...[2, 3, 6].map(flags => set('.initsuite', 'sh_flags', flags)),
    ...[0, 1, 2, 64, 4096, 8192].map(align => set('suite_rw', 'sh_addralign', align)),
    ...[0, 256, 4096].map(align => set('suite_text', 'sh_addralign', align)),
    ...[0, 128, 4096].map(align => set('suite_ro', 'sh_addralign', align)),
    ...[1, 16, 4096].map(align => set('.symtab', 'sh_addralign', align)),
    ...[16, 4096].map(align => set('.strtab', 'sh_addralign', align)),
    set('suite_rw', 'sh_type', 7),
    set('suite_rw', 'sh_type', 0x70000001),
    set('suite_rw', 'sh_entsize', 64),
    set('suite_rw', 'sh_addr', 4096),
    set('suite_nobits', 'sh_size', 0),
    set('suite_nobits', 'sh_size', 5000),
  ];
}

/** One section given the name of another, which the loader treats specially or which is there already. */
function renamed(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('bigdata');
  const as = (name: string, other: string): ReturnType<typeof mutant> =>
    mutant(`sections/renamed/${name}-as-${other}`, ko, [
      ko.setShdr(ko.section(name).index, 'sh_name', ko.section(other).sh_name),
    ]);
  return [
    as('suite_rw', '.data'),
    as('suite_ro', '.rodata'),
    as('suite_rw', '.data..ro_after_init'),
    as('suite_rw', '.init.data'),
    as('suite_text', '.init.text'),
    as('suite_rw', '.exit.text'),
    as('.data..ro_after_init', 'suite_rw'),
    as('suite_empty', '.text'),
  ];
}

function wholeFixtures(): ReturnType<Topic> {
  const names = [
    'minimal',
    'noinit',
    'bigdata',
    'special',
    'tracepoint',
    'relocs',
    'manyexports',
    'longnames',
    'percpu',
    'notext',
    'btf',
    'ctors',
    'wx',
    'wx_noalloc',
  ];
  return names.map(name => testCase(`fixtures/${name}`, insmod(name)));
}

function writeExecute(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const set = (name: string, flags: number): ReturnType<typeof mutant> =>
    mutant(`sections/write-exec/${name}-${flags}`, ko, [ko.setShdr(ko.section(name).index, 'sh_flags', flags)]);
  return [
    set('.text', 7),
    set('.data', 7),
    set('.comment', 5),
    set('.symtab', 5),
    set('.modinfo', 7),
    set('.init.text', 7),
  ];
}

export const sections: Topic = kit => [
  ...wholeFixtures(),
  ...bounds(kit),
  ...nobits(kit),
  ...nullSection(kit),
  ...nameTable(kit),
  ...lookedUp(kit),
  ...symbolTable(kit),
  ...flagsAndAlignment(kit),
  ...renamed(kit),
  ...writeExecute(kit),
];
