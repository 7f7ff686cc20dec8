// .modinfo entry by entry, version tables, and the name in struct module.
import { number, text, type KoFile, type KoModinfo } from '../../lib/koFile';
import type { Patch } from '../../lib/recipe';
import { toHex } from '../../lib/recipe';
import { insmod, label, mutant, testCase, type Kit, type Topic } from '../kit';
import { hex } from './values';

const MODULE_NAME_OFFSET = 24;
const VERSION_SIZE = 64;

/** Not those that /proc/modules and paths below /sys/module cannot show: blanks, slashes, `.` and `..`. */
const NAMES = [
  ...['', '\u00e9', '!', '%s', '%n%n', 'parameters', 'n'.repeat(54), '"', '\\'],
  ...['vmlinux', 'module', 'printk', 'a-b', 'A', '0', '-', '[x]', 'lve', 'a.b', 'x=y', 'minimal'],
];

function entryChanges(entry: KoModinfo, others: readonly KoModinfo[]): Record<string, Patch> {
  const { at, tag, value } = entry;
  const equals = at + tag.length;
  const length = tag.length + 1 + value.length;
  const fitting = others.find(o => o.at !== at && o.tag.length + 1 + o.value.length <= length && o.tag !== tag);
  return {
    removed: text(at, '\0'.repeat(length)),
    'tag-changed': text(at, tag.startsWith('x') ? 'y' : 'x'),
    'no-equals': text(equals, '_'),
    'second-equals': text(equals + 1, '='),
    'value-empty': text(equals + 1, '\0'.repeat(Math.max(1, value.length))),
    'value-changed': text(equals + 1, value.startsWith('N') ? 'M' : 'N'),
    'joined-with-next': text(at + length, ' '),
    'cut-in-tag': text(at + 1, '\0'),
    ...(fitting === undefined
      ? {}
      : { [`repeats-${fitting.tag}`]: text(at, `${fitting.tag}=${fitting.value}`.padEnd(length, '\0')) }),
  };
}

function modinfoEntries(kit: Kit): ReturnType<Topic> {
  return ['tagged', 'nsuser', 'paramkinds'].flatMap(fixture => {
    const ko = kit.ko(fixture);
    const entries = fixture === 'paramkinds' ? ko.modinfo.slice(-6) : ko.modinfo;
    return entries.flatMap((entry, i) =>
      Object.entries(entryChanges(entry, ko.modinfo)).map(([what, patch]) =>
        mutant(`wide/modinfo/${fixture}/${i}-${entry.tag}/${what}`, ko, [patch]),
      ),
    );
  });
}

function versionEntries(ko: KoFile): ReturnType<Topic> {
  if (!ko.hasSection('__versions')) return [];
  const { index, sh_offset, sh_size } = ko.section('__versions');
  const change = (what: string, ...patches: Patch[]): ReturnType<typeof mutant> =>
    mutant(`wide/versions/${ko.fixture}/${what}`, ko, patches);
  const entries = ko.versions
    .slice(0, 6)
    .flatMap(({ name, at }, i) => [
      change(`${i}/crc`, number(at, 4, Number(ko.numberAt(at, 4)) ^ 0x10000)),
      change(`${i}/crc-zero`, number(at, 4, 0)),
      change(`${i}/crc-above-32-bits`, number(at + 7, 1, 0x80)),
      change(`${i}/name-first`, text(at + 8, '_')),
      change(`${i}/name-longer`, text(at + 8 + name.length, 's')),
      change(`${i}/name-shorter`, text(at + 8 + name.length - 1, '\0')),
      change(`${i}/name-unterminated`, text(at + 8 + name.length, 'x'.repeat(VERSION_SIZE - 8 - name.length))),
      change(`${i}/removed`, text(at, '\0'.repeat(VERSION_SIZE))),
    ]);
  const sizes = [1, 8, 63, 65, 127, 128, sh_size - VERSION_SIZE, sh_size - 1, sh_size + 1, sh_size + 8];
  const first = toHex(ko.bytes.subarray(sh_offset, sh_offset + VERSION_SIZE));
  const second = toHex(ko.bytes.subarray(sh_offset + VERSION_SIZE, sh_offset + 2 * VERSION_SIZE));
  return [
    ...entries,
    ...[...new Set(sizes)].map(size => change(`size-${size}`, ko.setShdr(index, 'sh_size', size))),
    ...(second === ''
      ? []
      : [change('exchanged', [sh_offset, second + first]), change('repeated', [sh_offset, second])]),
  ];
}

/** Names of other sections give room to spell the tables of extended versions (since 6.14). */
function extendedVersions(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('bigdata');
  const names = ko.section('.shstrtab').sh_offset;
  const [crcs, texts] = [ko.section('suite_rw'), ko.section('suite_ro')];
  const at = (section: string): number => names + ko.section(section).sh_name;
  const named = [
    text(at('.data..read_mostly'), '__version_ext_crcs\0'),
    text(at('.data..ro_after_init'), '__version_ext_names\0'),
  ];
  const crc = ko.setShdr(crcs.index, 'sh_name', ko.section('.data..read_mostly').sh_name);
  const name = ko.setShdr(texts.index, 'sh_name', ko.section('.data..ro_after_init').sh_name);
  const change = (what: string, ...patches: Patch[]): ReturnType<typeof mutant> =>
    mutant(`wide/extended-versions/${what}`, ko, [...named, ...patches]);
  const sized = (section: typeof crcs, size: number): Patch => ko.setShdr(section.index, 'sh_size', size);
  return [
    change('both', crc, name),
    change('crcs-only', crc),
    change('names-only', name),
    change('crcs-odd', crc, name, sized(crcs, 5)),
    change('names-unterminated', crc, name, text(texts.sh_offset + texts.sh_size - 1, 'x')),
    change('names-empty', crc, name, sized(texts, 0)),
    change('none', crc, name, sized(texts, 0), sized(crcs, 0)),
    change('one', crc, name, sized(crcs, 4), text(texts.sh_offset, 'abcd\0')),
    change('more-names', crc, name, sized(crcs, 4), text(texts.sh_offset, 'a\0b\0\0')),
    change(
      'fewer-names',
      crc,
      name,
      sized(crcs, 8),
      text(texts.sh_offset, 'abcd\0'),
      text(crcs.sh_offset, '\0'.repeat(5)),
    ),
    change('not-alloc', crc, name, ko.setShdr(crcs.index, 'sh_flags', 0)),
  ];
}

function moduleNames(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('noinit');
  const at = ko.section('.gnu.linkonce.this_module').sh_offset + MODULE_NAME_OFFSET;
  return NAMES.map(name => mutant(`wide/module-name/${label(name).slice(0, 20)}`, ko, [text(at, `${name}\0`)]));
}

/** Where nothing compares the size, a table that is too small is a crash, of which a few are enough. */
function moduleSizes(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('noinit');
  const { index, sh_size } = ko.section('.gnu.linkonce.this_module');
  const checked = kit.key === '6.12' || kit.key === '7.2';
  const sizes = [sh_size + 1, sh_size + 64, 4096, ...(checked ? [1, 24, 80, 128, sh_size - 64, sh_size - 1] : [24])];
  return sizes.map(size => mutant(`wide/module-size/${hex(size)}`, ko, [ko.setShdr(index, 'sh_size', size)]));
}

/** Two modules that say the same name, and one that is another's namesake in .modinfo only. */
function namesakes(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('noinit');
  const at = ko.section('.gnu.linkonce.this_module').sh_offset + MODULE_NAME_OFFSET;
  const module = ko.module([text(at, 'notext\0')]);
  return [
    testCase('wide/namesake/first', insmod(module), insmod('notext')),
    testCase('wide/namesake/second', insmod('notext'), insmod(module)),
  ];
}

export const tableTexts: Topic = kit => [
  ...modinfoEntries(kit),
  ...['user', 'manyexports', 'noinit'].flatMap(fixture => versionEntries(kit.ko(fixture))),
  ...extendedVersions(kit),
  ...moduleNames(kit),
  ...moduleSizes(kit),
  ...namesakes(kit),
];
