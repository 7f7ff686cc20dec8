// Modules that use each other: exports, licences, namespaces, use counts (resolve_symbol, verify_exported_symbols).
import { number, text, type KoFile } from '../lib/koFile';
import type { FixtureModule } from '../lib/recipe';
import { insmod, rmmod, testCase, type Kit, type Topic } from './kit';

/** dupexport with its one export under another name of at most the same length. */
function exporting(kit: Kit, name: string): FixtureModule {
  const ko = kit.ko('dupexport');
  const at = Buffer.from(ko.bytes).indexOf('suite_twice\0', ko.section('__ksymtab_strings').sh_offset);
  return ko.module([text(at, `${name}\0`)]);
}

function withLicense(ko: KoFile, license: 'BSD' | 'GPL'): FixtureModule {
  return ko.module([ko.setModinfo('license', `license=${license}`)]);
}

function chains(): ReturnType<Topic> {
  const all = ['exporter', 'chain', 'chainuser'];
  return [
    testCase('linking/chain/right-order', ...all.map(name => insmod(name))),
    testCase(
      'linking/chain/wrong-order',
      ...[...all].reverse().map(name => insmod(name)),
      insmod('chain'),
      insmod('chainuser'),
    ),
    testCase('linking/chain/middle-missing', insmod('exporter'), insmod('chainuser')),
    testCase(
      'linking/chain/rmmod-in-use',
      ...all.map(name => insmod(name)),
      rmmod('exporter'),
      rmmod('chain'),
      rmmod('chainuser'),
      rmmod('exporter'),
    ),
    testCase(
      'linking/several-users',
      insmod('exporter'),
      insmod('user'),
      insmod('gpluser'),
      insmod('chain'),
      rmmod('user'),
    ),
    testCase('linking/user-alone', insmod('user')),
    testCase('linking/gpluser-alone', insmod('gpluser')),
    testCase('linking/reload', insmod('exporter'), rmmod('exporter'), insmod('exporter'), insmod('user')),
    testCase(
      'linking/exporter-gone',
      insmod('exporter'),
      insmod('user'),
      rmmod('user'),
      rmmod('exporter'),
      insmod('user'),
    ),
    testCase('linking/exporter-init-fails', insmod('initret', { args: 'ret=-5', initResult: -5 }), insmod('user')),
  ];
}

/** prop_user with its two imports exchanged: the order in .symtab is not the order of the source. */
function exchanged(kit: Kit): FixtureModule {
  const ko = kit.ko('prop_user');
  const names = ko.section('.strtab').sh_offset;
  const [prop, gpl] = [ko.symbol('suite_prop'), ko.symbol('suite_gpl')];
  return ko.module([
    ko.setSymbol(prop.index, 'st_name', ko.symbolNameAt(gpl) - names),
    ko.setSymbol(gpl.index, 'st_name', ko.symbolNameAt(prop) - names),
  ]);
}

function licences(kit: Kit): ReturnType<Topic> {
  const bsd = (name: string): FixtureModule => withLicense(kit.ko(name), 'BSD');
  return [
    testCase('linking/license/proprietary-uses-plain', insmod('exporter'), insmod(bsd('user'))),
    testCase('linking/license/proprietary-uses-gpl', insmod('exporter'), insmod(bsd('gpluser'))),
    testCase('linking/license/proprietary-uses-both', insmod('exporter'), insmod('chain'), insmod(bsd('chainuser'))),
    testCase('linking/license/inherit', insmod('proprietary'), insmod('prop_user_only')),
    testCase(
      'linking/license/inherit-twice',
      insmod('proprietary'),
      insmod('prop_user_only'),
      rmmod('prop_user_only'),
      insmod('prop_user_only'),
    ),
    testCase('linking/license/proprietary-then-gpl', insmod('exporter'), insmod('proprietary'), insmod('prop_user')),
    testCase(
      'linking/license/gpl-then-proprietary',
      insmod('exporter'),
      insmod('proprietary'),
      insmod('prop_user_last'),
    ),
    testCase('linking/license/exchanged', insmod('exporter'), insmod('proprietary'), insmod(exchanged(kit))),
    testCase(
      'linking/license/proprietary-user',
      insmod('exporter'),
      insmod('proprietary'),
      insmod(bsd('prop_user_only')),
    ),
    testCase('linking/license/proprietary-missing', insmod('exporter'), insmod('prop_user')),
    testCase(
      'linking/license/own-export',
      insmod(withLicense(kit.ko('exporter'), 'BSD')),
      insmod('user'),
      insmod('gpluser'),
    ),
    testCase('linking/license/gpl-vmlinux', insmod(bsd('percpu')), insmod(bsd('special')), insmod(bsd('tracepoint'))),
    testCase('linking/license/params', insmod(bsd('paramkinds'))),
  ];
}

function namespaces(kit: Kit): ReturnType<Topic> {
  const one = kit.ko('nsuser_one');
  const both = kit.ko('nsuser');
  const imports = both.modinfo.filter(m => m.tag === 'import_ns');
  const drop = imports.map(m => text(m.at, '_'));
  return [
    testCase('linking/namespace/imported', insmod('nsexporter'), insmod('nsuser')),
    testCase('linking/namespace/one', insmod('nsexporter'), insmod('nsuser_one')),
    testCase('linking/namespace/not-imported', insmod('nsexporter'), insmod(one.module([one.dropTag('import_ns')]))),
    testCase(
      'linking/namespace/other',
      insmod('nsexporter'),
      insmod(one.module([one.setModinfo('import_ns', 'import_ns=SUITE_B')])),
    ),
    testCase(
      'linking/namespace/prefix',
      insmod('nsexporter'),
      insmod(one.module([one.setModinfo('import_ns', 'import_ns=SUITE_')])),
    ),
    testCase(
      'linking/namespace/empty',
      insmod('nsexporter'),
      insmod(one.module([one.setModinfo('import_ns', 'import_ns=')])),
    ),
    testCase(
      'linking/namespace/module-prefix',
      insmod('nsexporter'),
      insmod(one.module([one.setModinfo('import_ns', 'import_ns=module:')])),
    ),
    ...drop.map((patch, i) =>
      testCase(`linking/namespace/second-${i}-dropped`, insmod('nsexporter'), insmod(both.module([patch]))),
    ),
    testCase('linking/namespace/both-dropped', insmod('nsexporter'), insmod(both.module(drop))),
    testCase('linking/namespace/no-exporter', insmod('nsuser')),
    testCase(
      'linking/namespace/not-imported-weak',
      insmod('nsexporter'),
      insmod(
        one.module([one.dropTag('import_ns'), one.setSymbol(one.symbol('suite_ns_plain').index, 'st_info', 0x20)]),
      ),
    ),
  ];
}

function duplicates(kit: Kit): ReturnType<Topic> {
  const many = kit.ko('manyexports');
  const names = ['printk', '_printk', 'jiffies', 'kfree', 'memcpy'];
  return [
    testCase('linking/duplicate/of-module', insmod('exporter'), insmod(exporting(kit, 'suite_plain'))),
    testCase('linking/duplicate/of-module-gpl', insmod('exporter'), insmod(exporting(kit, 'suite_gpl'))),
    testCase('linking/duplicate/order-reversed', insmod(exporting(kit, 'suite_plain')), insmod('exporter')),
    testCase('linking/duplicate/gone', insmod('exporter'), rmmod('exporter'), insmod(exporting(kit, 'suite_plain'))),
    testCase(
      'linking/duplicate/in-init-state',
      insmod(exporting(kit, 'suite_data')),
      insmod('user'),
      insmod('exporter'),
    ),
    ...names.map(name => testCase(`linking/duplicate/of-vmlinux-${name}`, insmod(exporting(kit, name)))),
    testCase('linking/duplicate/empty-name', insmod(exporting(kit, ''))),
    testCase('linking/duplicate/same-name-twice', insmod('manyexports'), insmod('manyexports')),
    testCase(
      'linking/exports/odd-size',
      insmod(
        many.module([many.setShdr(many.section('__ksymtab').index, 'sh_size', many.section('__ksymtab').sh_size - 1)]),
      ),
    ),
    testCase('linking/exports/no-strings', insmod(many.module([many.renameSection('__ksymtab_strings')]))),
    testCase(
      'linking/exports/no-ksymtab',
      insmod(kit.ko('exporter').module([kit.ko('exporter').renameSection('__ksymtab')])),
      insmod('user'),
      insmod('gpluser'),
    ),
  ];
}

/** 7.2 keeps one table with a flag byte per export; older kernels two tables. */
function flagTable(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('exporter');
  if (!ko.hasSection('__kflagstab')) return [];
  const { sh_offset, index, sh_size } = ko.section('__kflagstab');
  return [
    testCase('linking/kflagstab/absent', insmod(ko.module([ko.renameSection('__kflagstab')]))),
    testCase(
      'linking/kflagstab/all-gpl',
      insmod(ko.module([number(sh_offset, sh_size, 0x01010101)])),
      insmod(withLicense(kit.ko('user'), 'BSD')),
    ),
    testCase(
      'linking/kflagstab/none-gpl',
      insmod(ko.module([number(sh_offset, sh_size, 0)])),
      insmod(withLicense(kit.ko('gpluser'), 'BSD')),
    ),
    testCase(
      'linking/kflagstab/other-bits',
      insmod(ko.module([number(sh_offset, sh_size, 0xfefefefe)])),
      insmod(withLicense(kit.ko('gpluser'), 'BSD')),
    ),
    testCase('linking/kflagstab/empty', insmod(ko.module([ko.setShdr(index, 'sh_size', 0)]))),
  ];
}

export const linking: Topic = kit => [
  ...chains(),
  ...licences(kit),
  ...namespaces(kit),
  ...duplicates(kit),
  ...flagTable(kit),
];
