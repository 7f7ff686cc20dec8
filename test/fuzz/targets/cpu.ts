// Code of a module that is evaluated: any bytes are instructions.
import { evaluate, type Surroundings } from '../../../src/linux/arch/x86/cpu/evaluate';
import { KERNEL_COPIES } from '../../../src/linux/arch/x86/cpu/kernelCopies';
import { kernelNumbers } from '../../../src/linux/arch/x86/cpu/kernelNumbers';
import { KERNEL_STRINGS } from '../../../src/linux/arch/x86/cpu/kernelStrings';
import { CpuMemory, type Area } from '../../../src/linux/arch/x86/cpu/memory';
import { fixture } from '../../support/recorded';
import type { FuzzTarget } from '../lib/types';

const TEXT = 0xffff_ffff_c000_0000n;
const DATA = 0xffff_ffff_c001_0000n;
const functions = new Map([...KERNEL_STRINGS, ...KERNEL_COPIES, ...kernelNumbers({ yes: '1yYtT', no: '0nNfF' })]);
/** A function every 16 bytes behind the text, where calls of a few bytes reach. */
const NAMES = [...functions.keys(), '__x86_return_thunk', '__x86_indirect_thunk_rax'];

const surroundings: Surroundings = {
  symbolsAt: address => {
    const name = NAMES[Number(address - TEXT - 0x8000n) / 16];
    return name === undefined ? [] : [name];
  },
  functions,
  patched: new Set(),
};

const area = (base: bigint, bytes: Uint8Array, executable: boolean): Area => ({
  base,
  bytes,
  length: bytes.length,
  writable: !executable,
  executable,
  kept: true,
});

export const cpu: FuzzTarget = {
  name: 'cpu',
  longest: 4096,
  seeds: () => {
    const { bytes, sections } = fixture('6.1', 'paramkinds');
    const code = sections.filter(({ name, sh_size }) => /^\.(?:init\.)?text/.test(name) && sh_size > 0);
    return code.map(({ sh_offset, sh_size }) => bytes.slice(sh_offset, sh_offset + sh_size));
  },
  words: NAMES.map((_, i) => {
    const field = Buffer.alloc(5);
    field[0] = 0xe8;
    field.writeInt32LE(0x8000 + 16 * i - 5, 1);
    return field.toString('latin1');
  }),
  run(bytes) {
    const memory = new CpuMemory([area(TEXT, bytes, true), area(DATA, new Uint8Array(4096).fill(0x31), false)]);
    evaluate(memory, surroundings, TEXT, DATA, DATA + 64n);
  },
};
