// Kernels that are not at hand: what a module says of its own, and modules of other times and machines on the kernel of their release.
import assert from 'node:assert/strict';
import test from 'node:test';
import { openTarget, System, type KernelFacts, type LoadResult } from '../../src/index';
import { parseProfile, profileFacts } from '../../src/target/profile';
import { ARM, classicModule, I386, MIPS, PPC, X86_64, type ClassicModule } from '../support/classicModule';
import { fixture, moduleFile } from '../support/recorded';

test('release and architecture are read from the name', () => {
  assert.deepEqual(parseProfile('2.6.32'), { release: '2.6.32', arch: 'x86_64' });
  assert.deepEqual(parseProfile('2.6.39-i386'), { release: '2.6.39', arch: 'i386' });
  assert.deepEqual(parseProfile('3.18-arm'), { release: '3.18', arch: 'arm' });
  assert.deepEqual(parseProfile('2.6.32-5-686-i686'), { release: '2.6.32-5-686', arch: 'i386' });
  assert.deepEqual(parseProfile('4.19.0-27-amd64'), { release: '4.19.0-27', arch: 'x86_64' });
  assert.deepEqual(parseProfile('3.4-powerpc'), { release: '3.4', arch: 'other32be' });
  for (const name of ['', 'x', '3', '-arm', '3.x', '3.4/../..', 'i386-3.4'])
    assert.equal(parseProfile(name), null, name);
});

test('a name that is none is refused in one line', async () => {
  await assert.rejects(openTarget('profile:old'), /profile:old: is not a profile: expected RELEASE or RELEASE-ARCH/);
});

async function load(profile: string, module: ClassicModule, args = ''): Promise<LoadResult> {
  const system = new System(await openTarget(`profile:${profile}`));
  return system.insmod(classicModule(module), args);
}

const textsOf = ({ log }: LoadResult): string[] => log.map(({ text }) => text);
const notChecked = ({ stages }: LoadResult): string[] =>
  stages.flatMap(({ outcome, notes }) => (outcome === 'not-checked' ? notes : []));

/** A module with versions, a parameter and an import. */
function ordinary(release: string, words: string, more: Partial<ClassicModule>): ClassicModule {
  return {
    name: 'old',
    format: I386,
    modinfo: ['license=GPL', `vermagic=${release} ${words}`, 'depends='],
    versions: [
      ['module_layout', 0x1234],
      ['struct_module', 0x1234],
      ['printk', 0x5678],
    ],
    undefinedSymbols: ['printk'],
    weakSymbols: ['not_there'],
    ...more,
  };
}

/** What the unknown rest of a kernel that is not at hand comes to, and nothing else. */
const REST =
  /^(?:whether this kernel wants signatures|sizeof\(struct module\)|vermagic and the options|options that decide|symbols taken for exported)/;

const LOADING: readonly (readonly [profile: string, module: ClassicModule])[] = [
  ['2.6.21-i386', ordinary('2.6.21', 'SMP mod_unload 686 gcc-4.1', { paramForm: 'functions' })],
  ['2.6.32', ordinary('2.6.32-5-amd64', 'SMP mod_unload modversions ', { format: X86_64 })],
  ['2.6.39-i386', ordinary('2.6.39-4-686-pae', 'SMP mod_unload modversions 686 ', {})],
  ['3.4-arm', ordinary('3.4.39', 'SMP preempt mod_unload ARMv7 p2v8 ', { format: ARM })],
  ['3.10-i386', ordinary('3.10.4', 'mod_unload 486 ', { versions: [] })],
  ['3.18-mips', ordinary('3.18.20', 'mod_unload MIPS32_R2 32BIT ', { format: MIPS })],
  ['4.4', ordinary('4.4.0-31-generic', 'SMP mod_unload modversions ', { format: X86_64, paramForm: 'module' })],
  [
    '4.19',
    ordinary('4.19.0', 'SMP mod_unload ', {
      format: X86_64,
      modinfo: ['vermagic=4.19.0 SMP mod_unload ', 'license=GPL', 'intree=Y'],
    }),
  ],
];

for (const [profile, module] of LOADING)
  test(`${profile}: a module of that release loads, and the rest is named`, async () => {
    const result = await load(profile, module);
    assert.equal(result.errno, 0, result.insmod ?? '');
    assert.equal(result.verdict, 'loads');
    for (const reason of notChecked(result)) assert.match(reason, REST);
    const lines = textsOf(result);
    const hasLine = /^4\.(?:4|19)/.test(profile) && !module.modinfo.includes('intree=Y');
    assert.deepEqual(lines, hasLine ? ['old: loading out-of-tree module taints kernel.'] : []);
  });

test('an architecture that is not simulated ends unchecked, in either byte order', async () => {
  const result = await load('3.0-powerpc', ordinary('3.0.8', 'mod_unload ', { format: PPC }));
  assert.equal(result.errno, 0);
  assert.equal(result.verdict, 'unchecked');
  assert.ok(notChecked(result).some(reason => reason.startsWith('relocations of')));
});

test('a relocation type that this kernel does not know refuses as it does there', async () => {
  const odd = { textRelocations: [[0, '.text', 250]] } as const;
  const result = await load('3.10-i386', ordinary('3.10.4', 'mod_unload 486 ', odd));
  assert.deepEqual(textsOf(result), ['module: old: Unknown relocation: 250']);
  const older = await load('2.6.32-i386', ordinary('2.6.32', 'mod_unload 486 ', odd));
  assert.deepEqual(textsOf(older), ['module old: Unknown relocation: 250']);
});

test('another release than that of the module', async () => {
  const versioned = await load('3.10', ordinary('3.2.0-4-amd64', 'SMP mod_unload modversions ', { format: X86_64 }));
  assert.equal(versioned.verdict, 'unchecked');
  assert.ok(notChecked(versioned).some(reason => reason.includes('built for another release')));
  const { versions, ...plain } = ordinary('3.2.0-4-amd64', 'SMP mod_unload ', { format: X86_64 });
  assert.ok(versions);
  const refused = await load('3.10', plain);
  assert.equal(refused.errnoName, 'ENOEXEC');
  assert.deepEqual(textsOf(refused), [
    "old: version magic '3.2.0-4-amd64 SMP mod_unload ' should be '3.10 SMP mod_unload '",
  ]);
  assert.notEqual((await load('3.1', ordinary('3.10.4', 'mod_unload ', { format: X86_64 }))).verdict, 'loads');
});

test('a module without vermagic is not known to be forced', async () => {
  const result = await load('3.10-i386', { ...ordinary('', '', {}), modinfo: ['license=GPL'] });
  assert.equal(result.errno, 0);
  assert.equal(result.verdict, 'unchecked');
  assert.ok(notChecked(result).some(reason => reason.includes('CONFIG_MODULE_FORCE_LOAD')));
});

test("what a loaded module exports is not taken for the kernel's", async () => {
  const system = new System(await openTarget('profile:2.6.39-i386'));
  const words = 'mod_unload modversions 686 ';
  const provider = ordinary('2.6.39', words, { name: 'provider', exports: [{ name: 'given', crc: 7 }] });
  const user = ordinary('2.6.39', words, {
    name: 'user',
    undefinedSymbols: ['printk', 'given'],
    versions: [
      ['module_layout', 0x1234],
      ['printk', 0x5678],
      ['given', 7],
    ],
  });
  assert.equal(system.insmod(classicModule(provider)).errno, 0);
  assert.deepEqual(system.insmod(classicModule(user)).depends, ['provider']);
  assert.equal(system.rmmod('provider').errnoName, 'EAGAIN');
  assert.equal(system.insmod(classicModule({ ...user, name: 'third', versions: [['given', 8]] })).errnoName, 'ENOEXEC');
});

test('what is known of the kernel is the same before and after', async () => {
  const facts: KernelFacts = await openTarget('profile:3.4-arm');
  new System(facts).insmod(classicModule(ordinary('3.4.39', 'ARMv7 p2v8 ', { format: ARM })));
  assert.equal(facts.vermagic, '');
  assert.equal(facts.exports.size, 0);
});

test('an import that the module has no version for leaves the verdict open', () => {
  const ko = fixture('6.1', 'minimal');
  const bytes = moduleFile(ko).bytes;
  const load = (file: Uint8Array): LoadResult =>
    new System(profileFacts({ release: '6.1', arch: 'x86_64' })).insmod({ path: 'minimal.ko', bytes: file });
  assert.equal(load(bytes).verdict, 'loads');
  // The name in __versions is another than that of the symbol.
  const changed = Uint8Array.from(bytes);
  const versions = ko.section('__versions');
  const at = Buffer.from(changed).indexOf('__fentry__\0', versions.sh_offset);
  assert.ok(at > 0);
  changed[at] = 'x'.charCodeAt(0);
  const result = load(changed);
  assert.equal(result.verdict, 'unchecked');
  const notes = result.stages.flatMap(stage => stage.notes).join('\n');
  assert.match(notes, /whether this kernel exports __fentry__ is not known: the module has no version for it/);
});
