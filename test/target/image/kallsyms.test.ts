// The table of symbols in a kernel, as scripts/kallsyms.c lays it out, and the initcalls that it leads to.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ByteReader } from '../../../src/formats/bytes/byteReader';
import { readInitcalls } from '../../../src/target/image/initcalls';
import { kallsymsHoldsData, readKallsyms, type KernelSymbol } from '../../../src/target/image/kallsyms';
import type { KernelBytes } from '../../../src/target/image/kernelBytes';

type Form = 'before' | 'behind' | 'self-relative' | 'percpu';

const BASE = 0x10_0000;

/** An image without section headers, whose first byte is at address 0, with a table of symbols and more bytes at the end. */
function kernelWith(
  symbols: readonly (readonly [name: string, address: number])[],
  form: Form,
  tail = Buffer.alloc(0),
  littleEndian = true,
) {
  // Numbers are written for little-endian machines, and turned around.
  const turned = (bytes: Buffer, size: 2 | 4 | 8): Buffer => {
    if (littleEndian) return bytes;
    return { 2: () => bytes.swap16(), 4: () => bytes.swap32(), 8: () => bytes.swap64() }[size]();
  };
  const align = form === 'self-relative' ? 4 : 8;
  const chunks: Buffer[] = [Buffer.alloc(64)];
  const at = (): number => chunks.reduce((sum, { length }) => sum + length, 0);
  const add = (bytes: Buffer): number => {
    chunks.push(Buffer.alloc(-at() & (align - 1)));
    const start = at();
    chunks.push(bytes);
    return start;
  };
  const words = (values: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => bytes.writeInt32LE(value | 0, 4 * i));
    return turned(bytes, 4);
  };
  const base = (): Buffer => turned(Buffer.from(new BigUint64Array([BigInt(BASE)]).buffer), 8);
  const offsets = symbols.map(([, address]) => (form === 'percpu' ? BASE - 1 - address : address - BASE));
  if (form === 'before' || form === 'percpu') {
    add(words(offsets));
    add(base());
  }
  add(words([symbols.length]));
  const names = symbols.map(([name]) => {
    const text = Buffer.from(name, 'latin1');
    const length = text.length < 0x80 ? [text.length] : [(text.length & 0x7f) | 0x80, text.length >> 7];
    return Buffer.concat([Buffer.from(length), text]);
  });
  add(Buffer.concat(names));
  const starts = names.map((_, i) => names.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  add(words(starts.filter((_, i) => i % 256 === 0)));
  // Every character is a token of its own.
  const tokens = Array.from({ length: 256 }, (_, i) =>
    Buffer.from(i === 0 ? '??\0' : `${String.fromCharCode(i)}\0`, 'latin1'),
  );
  add(Buffer.concat(tokens));
  const index = Buffer.alloc(512);
  tokens.forEach((_, i) => index.writeUInt16LE(i === 0 ? 0 : 2 * i + 1, 2 * i));
  add(turned(index, 2));
  if (form === 'behind') {
    add(words(offsets));
    add(base());
  }
  if (form === 'self-relative') {
    const here = at() + (-at() & 3);
    add(words(symbols.map(([, address], i) => address - here - 4 * i)));
  }
  add(Buffer.alloc(0));
  const bytes = Buffer.concat([...chunks, tail]);
  const kernel: KernelBytes = {
    containers: [],
    r: new ByteReader(bytes, littleEndian),
    is64: true,
    machine: null,
    sections: null,
  };
  return { kernel, tail: bytes.length - tail.length };
}

const many = Array.from({ length: 700 }, (_, i): [string, number] => [`tfunction_${i}`, BASE + 16 * i]);
many[300] = [`T${'long_name_'.repeat(30)}`, BASE + 16 * 300];

const shown = (symbols: readonly KernelSymbol[] | null): string[] =>
  (symbols ?? []).map(({ type, name, address }) => `${type}${name} ${address}`);

for (const form of ['before', 'behind', 'self-relative', 'percpu'] as const) {
  test(`a table whose addresses are ${form}`, () => {
    assert.deepEqual(
      shown(readKallsyms(kernelWith(many, form).kernel)),
      many.map(([name, address]) => `${name} ${address}`),
    );
  });
}

for (const form of ['before', 'behind', 'self-relative', 'percpu'] as const)
  test(`a big-endian table whose addresses are ${form}, and whose last marker ends in no zero`, () => {
    const { kernel } = kernelWith(many, form, Buffer.alloc(0), false);
    assert.deepEqual(
      shown(readKallsyms(kernel)),
      many.map(([name, address]) => `${name} ${address}`),
    );
  });

test('variables in the table, and ends of code', () => {
  const held = (marks: readonly string[]): boolean | null =>
    kallsymsHoldsData(
      kernelWith([...many, ...marks.map((name, i): [string, number] => [name, BASE + 0x1_0000 + i])], 'behind').kernel,
    );
  const variables = (letter: string): string[] => Array.from({ length: 50 }, (_, i) => `${letter}variable_${i}`);
  assert.equal(held(['D_etext', 'd__start_rodata']), false);
  for (const letter of ['d', 'D', 'b', 'B']) assert.equal(held(variables(letter)), true, letter);
  assert.equal(held(variables('t')), false);
  assert.equal(kallsymsHoldsData(kernelWith([], 'behind').kernel), null);
});

test('no table, and a table that is cut anywhere, are no reason to throw', () => {
  const { kernel } = kernelWith(many, 'behind');
  const { bytes } = kernel.r;
  for (let cut = 0; cut < bytes.length; cut += 97)
    readKallsyms({ ...kernel, r: new ByteReader(bytes.subarray(0, cut), true) });
  assert.equal(readKallsyms({ ...kernel, r: new ByteReader(new Uint8Array(4096), true) }), null);
});

/** Entries are put behind the table of symbols, whose own length does not depend on where that is. */
function initcallsOf(calls: readonly (readonly [mark: string | null, target: number])[], width: 4 | 8) {
  const withTail = (start: number) => {
    const entry = (i: number): number => start + width * i;
    const marks: [string, number][] = [
      ['D__initcall_start', entry(0)],
      ['D__initcall0_start', entry(1)],
      ['D__initcall6_start', entry(2)],
      ['D__initcall7_start', entry(calls.length)],
      ['D__initcall_end', entry(calls.length)],
      ...calls.flatMap(([mark], i): [string, number][] => (mark === null ? [] : [[`d${mark}`, entry(i)]])),
    ];
    const all = [...many, ...marks].map(([name, address]): [string, number] => [name, address]);
    const tail = Buffer.alloc(width * calls.length);
    calls.forEach(([, target], i) => {
      if (width === 8) tail.writeBigUInt64LE(BigInt(target), 8 * i);
      else tail.writeInt32LE(target - entry(i), 4 * i);
    });
    const text: [string, number] = ['T_text', 0];
    return kernelWith([text, ...all.sort(([, a], [, b]) => a - b)], 'self-relative', tail);
  };
  const { kernel } = withTail(withTail(0x4_0000).tail);
  return readInitcalls(kernel, readKallsyms(kernel) ?? []);
}

test('initcalls as distances and as addresses, with their levels and marks', () => {
  const target = (i: number): number => BASE + 16 * i;
  const calls = [
    ['__initcall__kmod_core__1_2_function_1early', target(1)],
    ['__initcall__kmod_some_bus__3_4_function_5s', target(5)],
    [null, target(2)],
    ['__initcall__kmod_e1000__9_1_function_46', target(4)],
  ] as const;
  for (const width of [4, 8] as const)
    assert.deepEqual(initcallsOf(calls, width), [
      { function: 'function_1', level: 'early', sync: false, module: 'core' },
      { function: 'function_5', level: 'pure', sync: true, module: 'some_bus' },
      { function: 'function_2', level: 'device', sync: null, module: null },
      { function: 'function_4', level: 'device', sync: false, module: 'e1000' },
    ]);
});
