// Boots of their own: what the kernel says only the first time, and what its command line changes.
import type { BootPlan } from '../lib/record';
import { insmod, rmmod, testCase, type Kit } from './kit';

function fresh(kit: Kit): BootPlan[] {
  const ko = kit.ko('minimal');
  const tagged = kit.ko('tagged');
  const named = (name: string): ReturnType<typeof ko.module> =>
    ko.module([[ko.section('.gnu.linkonce.this_module').sh_offset + 24, Buffer.from(`${name}\0`).toString('hex')]]);
  const boot = (name: string, ...cases: BootPlan['cases']): BootPlan => ({ boot: name, cmdline: '', cases });
  const forced = ko.module([ko.dropTag('vermagic')]);
  return [
    boot(
      'fresh-proprietary',
      testCase('fresh/proprietary/first', insmod('proprietary')),
      testCase('fresh/proprietary/again', insmod('proprietary')),
      testCase('fresh/proprietary/forced', insmod(forced)),
      testCase('fresh/proprietary/special-name', insmod(named('lve'))),
    ),
    boot(
      'fresh-forced',
      testCase('fresh/forced/first', insmod(forced)),
      testCase('fresh/forced/again', insmod(forced)),
      testCase('fresh/forced/then-proprietary', insmod('proprietary')),
    ),
    boot(
      'fresh-duplicate',
      testCase('fresh/duplicate', insmod('minimal'), insmod('minimal'), insmod('proprietary'), insmod('proprietary')),
    ),
    boot(
      'fresh-refused',
      testCase('fresh/refused/unknown-symbol', insmod('unresolved')),
      testCase('fresh/refused/then-loads', insmod('minimal')),
    ),
    boot(
      'fresh-bad-elf',
      testCase('fresh/bad-elf/first', insmod(ko.module([], { truncate: 100 }))),
      testCase('fresh/bad-elf/wrong-vermagic', insmod(ko.module([ko.setModinfo('vermagic', 'vermagic=x')]))),
      testCase('fresh/bad-elf/write-exec', insmod('wx')),
      testCase('fresh/bad-elf/then-loads', insmod('minimal')),
    ),
    boot(
      'fresh-lve',
      testCase('fresh/lve/first', insmod(named('lve'))),
      testCase('fresh/lve/again', insmod(named('lve'))),
    ),
    boot('fresh-driverloader', testCase('fresh/driverloader/first', insmod(named('driverloader')))),
    boot('fresh-ndiswrapper', testCase('fresh/ndiswrapper/first', insmod(named('ndiswrapper')))),
    boot(
      'fresh-livepatch',
      testCase('fresh/livepatch/first', insmod('livepatch')),
      testCase('fresh/livepatch/again', insmod('livepatch')),
    ),
    boot('fresh-staging-test', testCase('fresh/staging', insmod('staging')), testCase('fresh/test', insmod('testtag'))),
    boot(
      'fresh-license-absent',
      testCase(
        'fresh/license-absent',
        insmod(tagged.module(tagged.modinfo.filter(m => m.tag === 'license').map(m => [m.at, '5f']))),
      ),
    ),
    boot(
      'fresh-force-rmmod',
      testCase('fresh/force-rmmod', insmod('noexit'), rmmod('noexit', 0xa00), insmod('minimal')),
    ),
    boot(
      'fresh-unsafe',
      testCase('fresh/unsafe', insmod('paramkinds', { args: 'p_unsafe=1' })),
      testCase('fresh/unsafe-again', insmod('paramkinds', { args: 'p_unsafe=1' })),
    ),
    boot(
      'fresh-inherit',
      testCase(
        'fresh/inherit',
        insmod('exporter'),
        insmod('proprietary'),
        insmod('prop_user'),
        insmod('prop_user_last'),
        insmod('prop_user_only'),
      ),
    ),
  ];
}

function commandLines(kit: Kit): BootPlan[] {
  const ko = kit.ko('minimal');
  const unsigned = [
    testCase('unsigned', insmod('minimal')),
    testCase('unsigned-init_module', insmod('minimal', { syscall: 'init_module' })),
    testCase('unsigned-forced', insmod('minimal', { flags: 1 })),
    testCase(
      'marker-only',
      insmod(ko.module([], { append: Buffer.from('~Module signature appended~\n').toString('hex') })),
    ),
    testCase('not-elf', insmod(ko.module([], { truncate: 10 }))),
    testCase('empty', insmod(ko.module([], { truncate: 0 }))),
    testCase('bad-flags', insmod('minimal', { flags: 64 })),
    testCase('unsafe', insmod('paramkinds', { args: 'p_unsafe=1' })),
  ];
  const under = (name: string, cmdline: string, cases = unsigned): BootPlan => ({
    boot: name,
    cmdline,
    cases: cases.map(c => ({ ...c, id: `${name}/${c.id}` })),
  });
  const listed = ['minimal', 'noinit', 'exporter'].map(name => testCase(name, insmod(name)));
  const otherName = testCase('tag-differs', insmod(kit.ko('noinit').module([kit.ko('noinit').dropTag('name')])));
  return [
    under('sig_enforce', 'module.sig_enforce=1'),
    under('sig_enforce-bare', 'module.sig_enforce', unsigned.slice(0, 1)),
    under('lockdown-integrity', 'lockdown=integrity'),
    under('lockdown-confidentiality', 'lockdown=confidentiality', unsigned.slice(0, 3)),
    under('lockdown-and-enforce', 'lockdown=integrity module.sig_enforce=1', unsigned.slice(0, 2)),
    under('blacklist', 'module_blacklist=noinit,minimal', [...listed, otherName, ...unsigned.slice(3, 5)]),
    under('blacklist-odd', 'module_blacklist=,minima,minimall,,exporter', listed),
    under('nomodule', 'nomodule', unsigned.slice(0, 2)),
    under('mitigations-off', 'mitigations=off', [
      testCase(
        'no-retpoline',
        insmod(ko.module(ko.modinfo.some(m => m.tag === 'retpoline') ? [ko.dropTag('retpoline')] : [])),
      ),
    ]),
    under('parameters-for-modules', 'paramkinds.p_int=5 paramkinds.dyndbg=+p bogus.x=1', [
      testCase('paramkinds', insmod('paramkinds', { args: 'p_uint=6' })),
    ]),
    under('initcall-blacklist', 'initcall_blacklist=suite_init', [
      testCase('minimal', insmod('minimal')),
      testCase('noinit', insmod('noinit')),
    ]),
  ];
}

/** Every boot besides the main one. */
export function specialBoots(kit: Kit): BootPlan[] {
  return [...fresh(kit), ...commandLines(kit)];
}
