// What .modinfo says: vermagic, licence, names, and the tags that taint.
import { text } from '../lib/koFile';
import { insmod, mutant, testCase, type Kit, type Topic } from './kit';

const LICENSES = [
  'GPL',
  'GPL v2',
  'GPL v3',
  'GPLv2',
  'gpl',
  'BSD',
  'MIT',
  '',
  'GPL\0and',
  'GPL ',
  ' GPL',
  'Dual MIT/GPL',
  'Dual BSD/GPL',
  'Dual MPL/GPL',
  'Proprietary',
];

function vermagic(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const { value } = ko.tag('vermagic');
  const [release = '', ...flags] = value.split(' ');
  const set = (what: string, changed: string): ReturnType<typeof mutant> =>
    mutant(`modinfo/vermagic/${what}`, ko, [ko.setModinfo('vermagic', `vermagic=${changed}`)]);
  return [
    set('other-release', [`9${release.slice(1)}`, ...flags].join(' ')),
    set('no-release', ['', ...flags].join(' ')),
    set('no-smp', value.replace('SMP ', '')),
    set('no-trailing-space', value.trimEnd()),
    set('no-mod-unload', value.replace('mod_unload ', '')),
    set('no-modversions', value.replace('modversions ', '')),
    set('release-only', release),
    set('empty', ''),
    set('one-letter', value.replace('SMP', 'SMQ')),
    mutant('modinfo/vermagic/absent', ko, [ko.dropTag('vermagic')]),
    mutant('modinfo/vermagic/other-release-no-versions', ko, [
      ko.setModinfo('vermagic', `vermagic=${[`9${release.slice(1)}`, ...flags].join(' ')}`),
      ...(kit.modversions ? [ko.renameSection('__versions')] : []),
    ]),
    testCase(
      'modinfo/vermagic/ignored-by-flag',
      insmod(ko.module([ko.setModinfo('vermagic', 'vermagic=x')]), { flags: 2 }),
    ),
    testCase('modinfo/vermagic/wrong-flag', insmod(ko.module([ko.setModinfo('vermagic', 'vermagic=x')]), { flags: 1 })),
  ];
}

function licenses(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('proprietary');
  const room = 'Proprietary'.length;
  const long = kit.ko('tagged').modinfo.filter(m => m.tag === 'license')[1];
  const fitting = LICENSES.filter(license => license.length <= room).map(license =>
    mutant(`modinfo/license/${license.replaceAll(/[^A-Za-z0-9]/g, '_') || 'empty'}`, ko, [
      ko.setModinfo('license', `license=${license}`),
    ]),
  );
  const second = LICENSES.filter(license => license.length > 8).map(license =>
    mutant(`modinfo/license/first-dropped-then-${license.replaceAll(/[^A-Za-z0-9]/g, '_')}`, kit.ko('tagged'), [
      kit.ko('tagged').dropTag('license'),
      text(long?.at ?? 0, `license=${license}`.padEnd(20, '\0')),
    ]),
  );
  return [...fitting, ...second, mutant('modinfo/license/absent', ko, [ko.dropTag('license')])];
}

/** Fixture `tagged` has every tainting tag misspelt by its last letter. */
function tags(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('tagged');
  const on = (tag: string, letter: string): ReturnType<typeof text> => text(ko.tag(`${tag}_`).at + tag.length, letter);
  const [staging, test, livepatch, intree] = [on('stagin', 'g'), on('tes', 't'), on('livepatc', 'h'), on('intre', 'e')];
  const retpoline = ko.modinfo.some(m => m.tag === 'retpoline') ? [ko.dropTag('retpoline')] : [];
  return [
    mutant('modinfo/tags/none', ko, []),
    mutant('modinfo/tags/staging', ko, [staging]),
    mutant('modinfo/tags/test', ko, [test]),
    mutant('modinfo/tags/livepatch', ko, [livepatch]),
    mutant('modinfo/tags/intree', ko, [intree]),
    mutant('modinfo/tags/no-retpoline', ko, retpoline),
    mutant('modinfo/tags/all', ko, [staging, test, livepatch, ...retpoline]),
    mutant('modinfo/tags/all-intree', ko, [staging, test, livepatch, intree]),
    mutant('modinfo/tags/all-proprietary', ko, [staging, test, livepatch, ko.setModinfo('license', 'license=BSD')]),
    mutant('modinfo/tags/version-dropped', ko, [ko.dropTag('version')]),
    mutant('modinfo/tags/srcversion-dropped', ko, [ko.dropTag('srcversion')]),
    ...['staging', 'testtag', 'livepatch'].map(name => testCase(`modinfo/tags/fixture-${name}`, insmod(name))),
  ];
}

/** mod->name and the name= tag can differ; some names are special. */
function names(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('noinit');
  const struct = ko.section('.gnu.linkonce.this_module').sh_offset + 24;
  const tag = ko.tag('name');
  const special = ['ndiswrapper', 'driverloader', 'lve'].map(name =>
    mutant(`modinfo/name/${name}`, ko, [text(struct, `${name}\0`)]),
  );
  return [
    mutant('modinfo/name/struct-differs', ko, [text(struct, 'inoted\0')]),
    mutant('modinfo/name/tag-differs', ko, [text(tag.at, 'name=inoted')]),
    mutant('modinfo/name/tag-differs-bad-vermagic', ko, [
      text(tag.at, 'name=inoted'),
      ko.setModinfo('vermagic', 'vermagic=x'),
    ]),
    mutant('modinfo/name/tag-absent', ko, [ko.dropTag('name')]),
    mutant('modinfo/name/tag-absent-bad-vermagic', ko, [ko.dropTag('name'), ko.setModinfo('vermagic', 'vermagic=x')]),
    mutant('modinfo/name/tag-absent-no-symtab', ko, [
      ko.dropTag('name'),
      ko.setShdr(ko.section('.symtab').index, 'sh_type', 1),
    ]),
    mutant('modinfo/name/builtin-kobject', ko, [text(struct, 'kernel\0')]),
    mutant('modinfo/name/dash', ko, [text(struct, 'no-ini\0')]),
    ...special,
    testCase(
      'modinfo/name/same-struct-name',
      insmod(ko.module([text(struct, 'inoted\0')])),
      insmod(ko.module([text(struct, 'inoted\0')])),
    ),
    testCase('modinfo/name/same-tag-only', insmod('noinit'), insmod(ko.module([text(struct, 'inoted\0')]))),
  ];
}

export const modinfo: Topic = kit => [...vermagic(kit), ...licenses(kit), ...tags(kit), ...names(kit)];
