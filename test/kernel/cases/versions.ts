// Symbol versions: CRCs, missing entries and tables, and the flags that ignore them (kernel/module/version.c).
import type { KoFile } from '../lib/koFile';
import { number, text } from '../lib/koFile';
import { insmod, mutant, testCase, type Kit, type Topic } from './kit';

function entry(ko: KoFile, name: string): number {
  return ko.versions.find(v => v.name === name)?.at ?? 0;
}

function entries(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('paramkinds');
  const layout = entry(ko, 'module_layout');
  const all = ko.versions.filter(v => v.name !== 'module_layout');
  const first = all[0];
  const last = all.at(-1);
  if (!first || !last || layout === 0) return [];
  return [
    mutant('versions/module_layout/wrong', ko, [number(layout, 4, 1)]),
    mutant('versions/module_layout/absent', ko, [text(layout + 8, 'm0dule')]),
    mutant('versions/module_layout/upper-half', ko, [number(layout + 4, 4, 1)]),
    mutant('versions/entry/first-wrong', ko, [number(first.at, 4, 1)]),
    mutant('versions/entry/last-wrong', ko, [number(last.at, 4, 1)]),
    mutant('versions/entry/upper-half', ko, [number(first.at + 4, 4, 1)]),
    mutant(
      'versions/entry/all-wrong',
      ko,
      all.map(v => number(v.at, 4, 0xdeadbeef)),
    ),
    mutant('versions/entry/first-absent', ko, [text(first.at + 8, '0')]),
    mutant(
      'versions/entry/all-absent',
      ko,
      all.map(v => text(v.at + 8, '\x01')),
    ),
    mutant('versions/entry/wrong-and-absent', ko, [number(first.at, 4, 1), text(last.at + 8, '0')]),
  ];
}

function table(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('paramkinds');
  if (!ko.hasSection('__versions')) return [];
  const { index, sh_size } = ko.section('__versions');
  const wrong = ko.versions.map(v => number(v.at, 4, 1));
  const absent = ko.renameSection('__versions');
  return [
    mutant('versions/table/absent', ko, [absent]),
    mutant('versions/table/empty', ko, [ko.setShdr(index, 'sh_size', 0)]),
    mutant('versions/table/one-entry', ko, [ko.setShdr(index, 'sh_size', 64)]),
    mutant('versions/table/odd-size', ko, [ko.setShdr(index, 'sh_size', sh_size - 10)]),
    mutant('versions/table/not-alloc', ko, [ko.setShdr(index, 'sh_flags', 0)]),
    testCase('versions/flags/1-ignores-wrong', insmod(ko.module(wrong), { flags: 1 })),
    testCase('versions/flags/2-does-not', insmod(ko.module(wrong), { flags: 2 })),
    testCase('versions/flags/3-ignores-both', insmod(ko.module([...wrong, ko.dropTag('vermagic')]), { flags: 3 })),
    testCase('versions/table/absent-and-bad-vermagic', insmod(ko.module([absent, ko.dropTag('vermagic')]))),
  ];
}

/** Versions of what modules export: to their users, and the table itself missing. */
function exported(kit: Kit): ReturnType<Topic> {
  const user = kit.ko('user');
  const exporter = kit.ko('exporter');
  const at = entry(user, 'suite_plain');
  if (at === 0) return [];
  const crcs = ['__kcrctab', '__kcrctab_gpl'].filter(name => exporter.hasSection(name));
  return [
    testCase('versions/exported/user-wrong', insmod('exporter'), insmod(user.module([number(at, 4, 1)]))),
    testCase('versions/exported/user-absent', insmod('exporter'), insmod(user.module([text(at + 8, '0')]))),
    testCase('versions/exported/forced', insmod('exporter'), insmod(user.module([number(at, 4, 1)]), { flags: 1 })),
    ...crcs.map(name =>
      testCase(
        `versions/exported/no-${name}`,
        insmod(exporter.module([exporter.renameSection(name)])),
        insmod('user'),
        insmod('gpluser'),
      ),
    ),
    testCase(
      'versions/exported/none',
      insmod(exporter.module(crcs.map(name => exporter.renameSection(name)))),
      insmod('user'),
    ),
  ];
}

function flagCases(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  return [1, 2, 3, 4, 5, 6, 7, 8, 16, 0x100, -1, -2147483648]
    .map(flags => testCase(`flags/${flags}`, insmod('minimal', { flags })))
    .concat([
      testCase('flags/bad-before-elf', insmod(ko.module([], { truncate: 10 }), { flags: 8 })),
      testCase('flags/4-short', insmod(ko.module([], { truncate: 3 }), { flags: 4 })),
      testCase('flags/4-empty', insmod(ko.module([], { truncate: 0 }), { flags: 4 })),
      testCase(
        'flags/4-xz-magic-only',
        insmod(ko.module([], { truncate: 0, append: 'fd377a585a000000' }), { flags: 4 }),
      ),
    ]);
}

export const versions: Topic = kit => [...entries(kit), ...table(kit), ...exported(kit), ...flagCases(kit)];
