// The machine code of the init of each architecture is what its listing assembles to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { BOOTABLE, machineOf } from '../../../../src/host/node/boot/machines';
import { initProgram } from '../../../../src/host/node/boot/initProgram';
import { callsOf } from '../../../../src/host/node/boot/plan';
import { removeStep } from '../../../../src/host/node/boot/steps';
import { readEhdr } from '../../../../src/formats/elf/header';
import { repositoryRoot } from '../../../kernel/lib/paths';
import { hasProgram } from '../../../kernel/lib/shell';
import { leftOut } from '../../../support/leftOut';

const listings = path.join(repositoryRoot(), 'test/host/node/boot/init');
const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

/** Prefix of binutils, and options of its assembler. */
const ASSEMBLERS: Readonly<Record<string, readonly [prefix: string, ...options: string[]]>> = {
  x86_64: ['', '--64'],
  i386: ['', '--32'],
  arm64: ['aarch64-linux-gnu-'],
  arm: ['arm-linux-gnueabihf-'],
  riscv64: ['riscv64-linux-gnu-'],
  ppc64le: ['powerpc64le-linux-gnu-'],
  s390x: ['s390x-linux-gnu-'],
};

test('there is a listing for each architecture', () => {
  assert.deepEqual(readdirSync(listings).sort(), BOOTABLE.map(arch => `${arch}.S`).sort());
});

for (const arch of BOOTABLE) {
  const [prefix, ...options] = ASSEMBLERS[arch] ?? ['missing-'];
  const isThere = hasProgram(`${prefix}as`) && (prefix !== '' || process.arch === 'x64');
  const skip = isThere ? false : leftOut(`the listing of ${arch}'s init`, `needs ${prefix}as: install binutils for it`);
  test(`the init of ${arch}`, { skip }, () => {
    const [object, binary] = ['o', 'bin'].map(end => path.join(directory, `${arch}.${end}`)) as [string, string];
    execFileSync(`${prefix}as`, [...options, '-o', object, path.join(listings, `${arch}.S`)]);
    execFileSync(`${prefix}objcopy`, ['-O', 'binary', '-j', '.text', object, binary]);
    const code = machineOf(arch)?.code ?? '';
    // Assemblers fill up the section.
    assert.equal(readFileSync(binary).toString('hex').slice(0, code.length), code);
    assert.ok(readFileSync(binary).length - code.length / 2 < 4);
  });

  test(`the ELF file of ${arch} starts at its code`, () => {
    const machine = machineOf(arch);
    assert.ok(machine);
    const bytes = initProgram(machine, callsOf(machine, [removeStep('gone')], 'mark'));
    const { bits, littleEndian } = machine.elf;
    const { e_machine, e_type } = readEhdr(bytes, { is64: bits === 64, littleEndian });
    assert.deepEqual([e_machine, e_type], [machine.elf.machine, 2]);
    assert.equal(Buffer.from(bytes.subarray(0x80, 0x80 + machine.code.length / 2)).toString('hex'), machine.code);
    assert.ok(Buffer.from(bytes).includes('gone\0'));
  });
}
