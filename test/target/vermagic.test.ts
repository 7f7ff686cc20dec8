import assert from 'node:assert/strict';
import test from 'node:test';
import { ARCHES } from '../../src/linux/arch/index';
import type { Arch as ArchName } from '../../src/target/types';
import { vermagicString, type VermagicForm } from '../../src/target/vermagic';

const magic = (release: string, config: Readonly<Record<string, string>>, arch: ArchName, form?: VermagicForm) =>
  vermagicString(release, config, ARCHES[arch].vermagic(config) ?? 'unknown', form);

const set = (...names: string[]) => Object.fromEntries(names.map(name => [name, 'y']));

test('x86_64 strings as Debian kernels have them', () => {
  const base = ['SMP', 'MODULE_UNLOAD'];
  assert.equal(
    magic('5.10.0-46-amd64', set(...base, 'MODVERSIONS', 'PREEMPT_VOLUNTARY'), 'x86_64'),
    '5.10.0-46-amd64 SMP mod_unload modversions ',
  );
  assert.equal(
    magic('6.1.0-50-amd64', set(...base, 'MODVERSIONS', 'PREEMPT_BUILD', 'PREEMPT_VOLUNTARY'), 'x86_64'),
    '6.1.0-50-amd64 SMP preempt mod_unload modversions ',
  );
  assert.equal(
    magic('7.2.12+deb14-amd64', set(...base, 'PREEMPT_BUILD'), 'x86_64'),
    '7.2.12+deb14-amd64 SMP preempt mod_unload ',
  );
});

test('real time', () => {
  assert.equal(magic('6.1.0-rt', set('SMP', 'PREEMPT_RT'), 'x86_64'), '6.1.0-rt SMP preempt_rt ');
  const both = set('PREEMPT_RT', 'PREEMPT_BUILD');
  assert.equal(magic('7', both, 'x86_64'), '7 preempt_rt ');
  assert.equal(magic('6', both, 'x86_64', { preemptRtFirst: false }), '6 preempt ');
});

test('architectures', () => {
  assert.equal(magic('6', set('SMP'), 'arm64'), '6 SMP aarch64');
  assert.equal(magic('6', {}, 'riscv64'), '6 riscv');
  assert.equal(magic('6', set('CPU_32v6', 'CPU_32v7', 'ARM_PATCH_PHYS_VIRT'), 'arm'), '6 ARMv6 p2v8 ');
  assert.equal(magic('6', set('CPU_32v7', 'THUMB2_KERNEL'), 'arm'), '6 ARMv7 thumb2 ');
  // Debian's armmp: the instructions of v6K are there, but no kernel for v6.
  assert.equal(magic('6', set('CPU_32v6K', 'CPU_32v7', 'ARM_PATCH_PHYS_VIRT'), 'arm'), '6 ARMv7 p2v8 ');
  assert.equal(magic('6', set('M686'), 'i386'), '6 686 ');
  assert.equal(magic('6', set('MVIAC3_2'), 'i386'), '6 VIAC3-2 ');
  assert.equal(magic('6', set('MPROFILE_KERNEL', 'RELOCATABLE'), 'ppc64le'), '6 mprofile-kernel relocatable ');
  assert.equal(magic('6', set('SMP'), 's390x'), '6 SMP ');
  assert.equal(magic('6', set('SMP', 'CPU_MIPS64_R1', '64BIT'), 'mips64el'), '6 SMP MIPS64_R1 64BIT ');
  assert.equal(magic('6', set('CPU_CAVIUM_OCTEON'), 'mips64'), '6 OCTEON 64BIT ');
  assert.equal(magic('6', set('CPU_BMIPS'), 'mipsel'), '6 BMIPS 32BIT ');
  assert.equal(magic('7', set('SMP'), 'loongarch64'), '7 SMP LOONGARCH 64BIT ');
  assert.equal(magic('6', set('SMP', 'SPARC'), 'other64be'), '6 SMP ');
  assert.equal(ARCHES.other32.vermagic(set('XTENSA')), null);
});

test('randomised structures name their seed', () => {
  const old = set('GCC_PLUGIN_RANDSTRUCT');
  assert.equal(magic('5', old, 'x86_64', { randstructHash: 'ab' }), '5 RANDSTRUCT_PLUGIN_ab');
  const recent = set('GCC_PLUGIN_RANDSTRUCT', 'RANDSTRUCT');
  assert.equal(magic('6', recent, 'arm64', { randstructHash: 'ab' }), '6 aarch64RANDSTRUCT_ab');
});
