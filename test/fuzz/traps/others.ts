// Everything that is no whole module: packed data, debug information, types, indexes, captured kernels.
import assert from 'node:assert/strict';
import { brotliCompressSync, constants, createGunzip, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseSnapshot } from '../../../src/target/snapshot';
import { parseSymvers } from '../../../src/target/symvers';
import { structModuleFromBtf } from '../../../src/formats/btf/btf';
import { parseModuleBtf } from '../../../src/linux/kernel/bpf/parseModule';
import { fnmatch } from '../../../src/kmod/fnmatch';
import { parseIndexes, searchAliases } from '../../../src/kmod/indexes';
import { CSource } from '../../../src/formats/c/source';
import { InputError } from '../../../src/index';
import { unpackModule } from '../../../src/host/node/decompress';
import { kernelDecompress } from '../../../src/host/node/kernelDecompress';
import { readSnapshot } from '../../../src/host/node/targets';
import { inflate } from '../../../src/host/places/inflate';
import { loadTreeSitter } from '../../../src/host/places/treeSitter';
import { btfFormatOf } from '../../support/btfFormat';
import { makeElf } from '../../support/elf';
import { corpusDir } from '../lib/files';
import { locateAll } from '../targets/dwarf';
import { DWARF_TRAPS } from './debugInformation';
import type { Step, Trap } from './types';

const MIB = 1 << 20;
const MILLION = 1_000_000;
const NOWHERE = 'nowhere/trap.ko';

const zeros = (bytes: number): Uint8Array => new Uint8Array(bytes);
const step = (name: string, run: Step['run'], most?: number): Step => ({
  name,
  run,
  ...(most === undefined ? {} : { most }),
});

/** Zeros as blocks that repeat one byte, with one header that says nothing of the size (RFC 8878). */
function zstdBomb(bytes: number): Uint8Array {
  const blocks = Math.floor(bytes / (128 << 10));
  const out = new Uint8Array(6 + 4 * blocks);
  out.set([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]);
  const view = new DataView(out.buffer);
  for (let i = 0; i < blocks; i++) {
    // RLE_Block of 128 KiB; the last one says so.
    const header = ((128 << 10) << 3) | 2 | (i === blocks - 1 ? 1 : 0);
    view.setUint16(6 + 4 * i, header & 0xffff, true);
    view.setUint8(8 + 4 * i, header >> 16);
  }
  return out;
}

/** A deflate stream that unpacks to so many MiB of zeros: one MiB packed once, then the same bytes again and again. */
function deflatedZeros(mebibytes: number): Buffer {
  const one = deflateRawSync(zeros(MIB), { finishFlush: constants.Z_FULL_FLUSH });
  const end = deflateRawSync(zeros(0));
  return Buffer.concat([...Array.from({ length: mebibytes }, () => one), end]);
}

/** Without the checksum at the end, which nobody gets to. */
const gzipBomb = (mebibytes: number): Buffer =>
  Buffer.concat([gzipSync(zeros(0)).subarray(0, 10), deflatedZeros(mebibytes), zeros(8)]);

async function isRefused(bytes: Uint8Array): Promise<void> {
  await assert.rejects(unpackModule(NOWHERE, bytes), InputError);
}

const BOMBS: readonly Trap[] = [
  {
    name: 'a gzip file of a megabyte that unpacks to a gigabyte',
    make() {
      const packed = gzipBomb(1024);
      return [
        step('command', () => isRefused(packed)),
        step('kernel', () => assert.equal(kernelDecompress(packed.subarray(10), 'gzip').kind, 'unknown')),
      ];
    },
  },
  {
    name: 'a zstd file of kilobytes that unpacks to a gigabyte',
    make() {
      const packed = zstdBomb(1024 * MIB);
      return [
        step('command', () => isRefused(packed)),
        step('kernel', () => assert.equal(kernelDecompress(packed, 'zstd').kind, 'unknown')),
      ];
    },
  },
  {
    name: 'an xz file of kilobytes that unpacks to a gigabyte',
    make() {
      const fourMebibytes = readFileSync(path.join(corpusDir('decompressors'), 'xz-zeros'));
      const packed = Buffer.concat(Array.from({ length: 256 }, () => fourMebibytes));
      return [
        step('command', () => isRefused(packed)),
        // It reads the first stream only.
        step('kernel', () => assert.equal(kernelDecompress(packed, 'xz').kind, 'unpacked')),
      ];
    },
  },
  {
    name: 'debug sections that unpack to a gigabyte',
    make() {
      const packed = Buffer.concat([deflateSync(zeros(0)).subarray(0, 2), deflatedZeros(512), zeros(4)]);
      const section = new Uint8Array(24 + packed.length);
      new DataView(section.buffer).setUint32(0, 1, true);
      new DataView(section.buffer).setBigUint64(8, BigInt(512 * MIB), true);
      section.set(packed, 24);
      const names = ['info', 'abbrev', 'line', 'str', 'line_str', 'addr', 'ranges', 'rnglists', 'str_offsets'];
      const module = makeElf(names.map(name => ({ name: `.debug_${name}`, flags: 0x800, data: section })));
      return [
        step('locator', () => locateAll(NOWHERE, module)),
        step('inflate', () => assert.equal(inflate('zlib', packed, 1000), null)),
        step('zstd', () => assert.equal(inflate('zstd', zstdBomb(512 * MIB), 1000), null)),
      ];
    },
  },
  {
    name: 'captured kernels that unpack to a gigabyte',
    make() {
      const directory = mkdtempSync(path.join(os.tmpdir(), 'trap-'));
      const files = [
        [path.join(directory, 'k.json.gz'), gzipBomb(512)],
        [path.join(directory, 'k.json.br'), brotliCompressSync(zeros(512 * MIB), { params: { 0: 0, 1: 1, 2: 16 } })],
      ] as const;
      for (const [file, bytes] of files) writeFileSync(file, bytes);
      const steps = files.map(([file]) =>
        step(path.extname(file), () => assert.throws(() => readSnapshot(file), InputError)),
      );
      return [...steps, step('clean', () => rmSync(directory, { recursive: true }))];
    },
  },
  {
    name: 'deflate of nothing, over and over',
    make() {
      const packed = deflateRawSync(zeros(1));
      const many = Buffer.concat(Array.from({ length: 100_000 }, () => packed));
      return [
        step('kernel', () => void kernelDecompress(many, 'gzip')),
        step('stream', () => void createGunzip().destroy()),
      ];
    },
  },
];

/** Raw BTF of these types. */
function btf(types: Uint8Array, strings: Uint8Array): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt16LE(0xeb9f, 0);
  header.writeUInt8(1, 2);
  [24, 0, types.length, types.length, strings.length].forEach((value, i) => header.writeUInt32LE(value, 4 + 4 * i));
  return new Uint8Array(Buffer.concat([header, types, strings]));
}

/** `count` times the same type of three words. */
function types(count: number, write: (view: DataView, at: number, id: number) => void): Uint8Array {
  const bytes = new Uint8Array(12 * count);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) write(view, 12 * i, i + 1);
  return bytes;
}

const btfSteps = (bytes: Uint8Array): Step[] => [
  step('struct module', () => void structModuleFromBtf(bytes, 'trap')),
  step('split', () => void parseModuleBtf({ bytes, base: null, vmlinux: { bytes } }, btfFormatOf('6.12'), false)),
  step('base', () => void parseModuleBtf({ bytes, base: bytes, vmlinux: { bytes } }, btfFormatOf('7.2'), false)),
];

const OTHER_TRAPS: readonly Trap[] = [
  {
    name: 'pointers to pointers, a million deep and in a circle',
    make: () =>
      btfSteps(
        btf(
          types(MILLION, (view, at, id) => {
            view.setUint32(at + 4, 8 << 24, true);
            view.setUint32(at + 8, (id % MILLION) + 1, true);
          }),
          Buffer.from('\0module\0'),
        ),
      ),
  },
  {
    name: 'a struct module that contains itself a million times',
    make() {
      const members = types(MILLION, (view, at) => view.setUint32(at + 4, 1, true));
      const head = new DataView(new ArrayBuffer(12));
      head.setUint32(0, 1, true);
      head.setUint32(4, (4 << 24) | 0xffff, true);
      return btfSteps(btf(Buffer.concat([new Uint8Array(head.buffer), members]), Buffer.from('\0module\0')));
    },
  },
  {
    name: 'patterns of nothing but stars',
    make() {
      const [pattern, text] = ['*a'.repeat(2000) + '*b', 'a'.repeat(4000)];
      const lines = Array.from({ length: 5000 }, () => `alias ${'*a'.repeat(100)}b m`).join('\n');
      const indexes = parseIndexes({ dep: '', alias: lines, symbols: '', builtin: '', builtinModinfo: '' });
      return [
        step('one', () => assert.equal(fnmatch(pattern, text), false)),
        step('brackets', () => assert.equal(fnmatch('[[:alpha:]'.repeat(400), text), false)),
        step('many', () => void searchAliases(indexes, 'a'.repeat(200))),
      ];
    },
  },
  {
    name: 'a million exports of one name',
    make() {
      const text = Buffer.from('0x00000001\tx\tvmlinux\tEXPORT_SYMBOL\t\n'.repeat(MILLION));
      return [
        step('parse and look up', () => {
          const table = parseSymvers(text);
          for (let i = 0; i < 1000; i++) table.findNext(table.findName('x') + i);
          for (let i = 0; i < 1000; i++) table.findName(`y${i}`);
        }),
      ];
    },
  },
  {
    name: 'a captured kernel of a megabyte that is nested as deep as can be',
    make: () =>
      ['[', '{"a":', '{"schema":1,"config":['].map(start =>
        step(start, () => assert.equal(parseSnapshot(start.repeat(MIB / start.length)).ok, false)),
      ),
  },
  {
    name: 'a captured kernel with more exports than memory',
    make() {
      const column = { values: ['x'.repeat(MIB)], runs: [0, Number.MAX_SAFE_INTEGER] };
      const exports = { names: '', crcs: '0'.repeat(8 * MIB), owners: column, types: column, namespaces: column };
      const text = JSON.stringify({ schema: 1, release: '6.1', arch: 'x86_64', vermagic: 'x', config: {}, exports });
      return [step('parse', () => void parseSnapshot(text))];
    },
  },
  {
    name: 'C that never closes what it opens',
    make: () =>
      ['(', '{', 'f(', 'static x = {', '#define A(', 'a[', '"', '/*', '#/*\n', '#/* ', 'static int f(void)\n{\n'].map(
        piece =>
          step(piece, async () => void new CSource(piece.repeat(100_000), await loadTreeSitter()).definitions, 28),
      ),
  },
];

export const OTHERS: readonly Trap[] = [...BOMBS, ...DWARF_TRAPS, ...OTHER_TRAPS];
