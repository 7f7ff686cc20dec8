// Every configuration leads to an architecture, and none that is known to another one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ARCHES, archOfConfig, archOfMachine } from '../../../src/linux/arch/index';

const of = (...options: string[]): string =>
  archOfConfig(Object.fromEntries(options.map(option => [option, 'y']))).name;

test('configurations of kernels', () => {
  assert.equal(of('X86', 'X86_64', '64BIT'), 'x86_64');
  assert.equal(of('X86'), 'i386');
  assert.equal(of('ARM64', '64BIT', 'CPU_LITTLE_ENDIAN'), 'arm64');
  assert.equal(of('ARM', 'CPU_LITTLE_ENDIAN'), 'arm');
  assert.equal(of('RISCV', '64BIT'), 'riscv64');
  assert.equal(of('PPC', 'PPC64', '64BIT', 'CPU_LITTLE_ENDIAN'), 'ppc64le');
  assert.equal(of('S390', '64BIT', 'CPU_BIG_ENDIAN'), 's390x');
  assert.equal(of('MIPS', 'CPU_BIG_ENDIAN'), 'mips');
  assert.equal(of('MIPS', 'CPU_LITTLE_ENDIAN'), 'mipsel');
  assert.equal(of('MIPS', '64BIT', 'CPU_BIG_ENDIAN'), 'mips64');
  assert.equal(of('MIPS', '64BIT', 'CPU_LITTLE_ENDIAN'), 'mips64el');
  assert.equal(of('LOONGARCH', '64BIT'), 'loongarch64');
});

test('the other byte order or class is another architecture', () => {
  assert.equal(of('ARM64', '64BIT', 'CPU_BIG_ENDIAN'), 'other64be');
  assert.equal(of('ARM', 'CPU_BIG_ENDIAN'), 'other32be');
  assert.equal(of('RISCV'), 'other32');
  assert.equal(of('PPC', 'PPC64', '64BIT', 'CPU_BIG_ENDIAN'), 'other64be');
  assert.equal(of('SPARC', '64BIT'), 'other64be');
  assert.equal(of('ALPHA', '64BIT'), 'other64');
  assert.equal(of('XTENSA'), 'other32');
});

test('machines lead back to one of the architectures that load them', () => {
  for (const arch of Object.values(ARCHES))
    for (const machine of arch.machines ?? [])
      assert.ok(archOfMachine(machine)?.machines?.includes(machine), arch.name);
  assert.equal(archOfMachine(2), null);
});

test('a hook that is missing is null, and none is promised by half', () => {
  for (const { name, frobArchSections, applyRelocate, applyRelocateAdd } of Object.values(ARCHES)) {
    const whole = frobArchSections !== null && (applyRelocate !== null || applyRelocateAdd !== null);
    // Relocations of both kinds are told of: applied, or refused as the kernel does.
    if (whole) assert.ok(applyRelocate !== null && applyRelocateAdd !== null, name);
  }
});
