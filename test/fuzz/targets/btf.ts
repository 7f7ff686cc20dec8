// BPF Type Format, of a kernel and of a module.
import { structModuleFromBtf } from '../../../src/formats/btf/btf';
import { parseModuleBtf } from '../../../src/linux/kernel/bpf/parseModule';
import { btfFormatOf } from '../../support/btfFormat';
import { fixture } from '../../support/recorded';
import type { FuzzTarget, Input } from '../lib/types';

/** The sections of the fixture that has them. */
function sections(): Input[] {
  const { bytes, sections: all } = fixture('6.12', 'btf');
  return all
    .filter(({ name, sh_size }) => name.startsWith('.BTF') && sh_size > 0)
    .map(({ sh_offset, sh_size }) => bytes.slice(sh_offset, sh_offset + sh_size));
}

/** Raw BTF of one struct named `module`. */
function structModule(): Input {
  const strings = Buffer.from('\0module\0init\0exit\0');
  const types = Buffer.alloc(12 + 3 * 12);
  types.writeUInt32LE(1, 0);
  types.writeUInt32LE((4 << 24) | 3, 4);
  types.writeUInt32LE(1344, 8);
  [8, 13, 0].forEach((name, i) => {
    types.writeUInt32LE(name, 12 + 12 * i);
    types.writeUInt32LE(1, 16 + 12 * i);
    types.writeUInt32LE(64 * i, 20 + 12 * i);
  });
  const header = Buffer.alloc(24);
  header.writeUInt16LE(0xeb9f, 0);
  header.writeUInt8(1, 2);
  [24, 0, types.length, types.length, strings.length].forEach((value, i) => header.writeUInt32LE(value, 4 + 4 * i));
  return new Uint8Array(Buffer.concat([header, types, strings]));
}

export const btf: FuzzTarget = {
  name: 'btf',
  longest: 64 << 10,
  seeds: () => [structModule(), ...sections()],
  run(bytes) {
    structModuleFromBtf(bytes, 'fuzzed');
    for (const release of ['5.15', '6.12', '7.2'] as const) {
      const format = btfFormatOf(release);
      const copy = Uint8Array.from(bytes);
      parseModuleBtf({ bytes, base: null, vmlinux: null }, format, false);
      parseModuleBtf({ bytes, base: null, vmlinux: { bytes: copy } }, format, false);
      parseModuleBtf({ bytes, base: bytes, vmlinux: { bytes: copy } }, { ...format, littleEndian: false }, true);
      // A base whose types are counted once for all.
      parseModuleBtf({ bytes, base: bytes, vmlinux: { bytes: copy } }, format, false);
    }
  },
};
