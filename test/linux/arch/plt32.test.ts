// R_X86_64_PLT32 and R_386_PLT32 on kernels from before and after they are known.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System } from '../../../src/index';
import { classicFacts } from '../../support/classicFacts';
import { classicModule, I386, X86_64 } from '../../support/classicModule';

const PLT32 = 4;
const PC32 = 2;

function answer(release: string, arch: 'i386' | 'x86_64', type: number): { errno: string | null; lines: string[] } {
  const vermagic = `${release} mod_unload `;
  const facts = classicFacts({ release, arch, vermagic, config: { MODULES: 'y', MODULE_UNLOAD: 'y' } }, [
    { name: 'printk', owner: 'vmlinux', crc: 0, type: 'EXPORT_SYMBOL' },
  ]);
  const module = classicModule({
    name: 'calls',
    format: arch === 'i386' ? I386 : X86_64,
    modinfo: ['license=GPL', 'intree=Y', `vermagic=${vermagic}`],
    undefinedSymbols: ['printk'],
    textRelocations: [[1, 'printk', type]],
  });
  const { errnoName, log } = new System(facts).insmod(module);
  return { errno: errnoName, lines: log.map(({ text }) => text).filter(text => text.includes('Unknown')) };
}

test('x86_64 before 4.16 refuses it, and takes PC32', () => {
  assert.deepEqual(answer('4.15.0', 'x86_64', PLT32), {
    errno: 'ENOEXEC',
    lines: ['module: calls: Unknown rela relocation: 4'],
  });
  assert.deepEqual(answer('3.2.0', 'x86_64', PLT32).lines, ['module calls: Unknown rela relocation: 4']);
});

test('x86_64 since 4.16 and updates of older kernels take it', () => {
  for (const release of ['4.16.0', '4.14.300', '4.9.300', '4.19.0'])
    assert.deepEqual(answer(release, 'x86_64', PLT32).lines, []);
});

test('fields that are not empty are overwritten before 4.15, and refused since', () => {
  assert.equal(answer('4.14.0', 'x86_64', PC32).errno, null);
  assert.equal(answer('4.15.0', 'x86_64', PC32).errno, 'ENOEXEC');
});

test('i386 knows it later', () => {
  assert.deepEqual(answer('4.19.0', 'i386', PLT32), {
    errno: 'ENOEXEC',
    lines: ['module: calls: Unknown relocation: 4'],
  });
  assert.deepEqual(answer('4.19.300', 'i386', PLT32), { errno: null, lines: [] });
  assert.deepEqual(answer('4.19.0', 'i386', PC32), { errno: null, lines: [] });
});

test('a release of a distribution that does not tell its update is taken for an up-to-date one', () => {
  for (const release of ['4.9.0-19-amd64', '4.15.0-213-generic'])
    assert.deepEqual(answer(release, 'x86_64', PLT32).lines, [], release);
  for (const release of ['4.19.0-27-686', '5.10.0-32-686'])
    assert.deepEqual(answer(release, 'i386', PLT32).lines, [], release);
  assert.equal(answer('3.16.0-4-amd64', 'x86_64', PLT32).errno, 'ENOEXEC');
});
