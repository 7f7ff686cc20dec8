// What no recorded kernel shows: releases between them, and BTF whose kernel is not at hand.
import assert from 'node:assert/strict';
import test from 'node:test';
import { btfMismatch } from '../../../../src/findings/btfMismatch';
import type { BtfFormat } from '../../../../src/linux/kernel/bpf/format';
import { outlineParts, parseModuleBtf, type ModuleBtf } from '../../../../src/linux/kernel/bpf/parseModule';
import type { BtfOutline } from '../../../../src/target/types';
import { btfFormatOf } from '../../../support/btfFormat';
import { btfOfWords as blob, info as kind } from '../../../support/rawBtf';

const STRINGS = '\0int\0unsigned long\0box\0';
const INT = STRINGS.indexOf('int');
const BOX = STRINGS.indexOf('box');

const INT_TYPE = [INT, kind(1), 4, 32 | (1 << 24)];
const vmlinux = blob([INT_TYPE, [BOX, kind(4, 1), 4, INT, 1, 0]], STRINGS);

interface Given {
  readonly bytes: Uint8Array;
  readonly base?: Uint8Array | null;
  readonly vmlinux?: Uint8Array | null;
}

function parse({ bytes, base = null, vmlinux: kernel = vmlinux }: Given, release = '6.12', quiet = false) {
  const module: ModuleBtf = { bytes, base, vmlinux: kernel && { bytes: kernel } };
  const format = btfFormatOf(release);
  const verdict = parseModuleBtf(module, format, quiet);
  // Whoever has the outline of the kernel's types alone comes to the same.
  const outline = kernel && outlineOf(kernel, format);
  if (kernel && outline)
    assert.deepEqual(parseModuleBtf({ ...module, vmlinux: { bytes: kernel, outline } }, format, quiet), verdict);
  return verdict;
}

function outlineOf(bytes: Uint8Array, format: BtfFormat): BtfOutline | null {
  const parts = outlineParts(bytes, format);
  return (
    parts && {
      ...parts,
      digests: new Uint8Array(),
      string: offset => ({ bytes: bytes.slice(parts.strings + offset), at: 0 }),
    }
  );
}

test('kinds are known from the release that brought them', () => {
  const float = blob([[BOX, kind(16), 4]], '');
  assert.deepEqual(parse({ bytes: float }, '5.12').complaints, ['[3] Invalid kind:16']);
  assert.equal(parse({ bytes: float }, '5.13').errno, 0);
  const enum64 = blob([[BOX, kind(19, 0), 8]], '');
  assert.equal(parse({ bytes: enum64 }, '5.19').errno, 22);
  assert.equal(parse({ bytes: enum64 }, '6.0').errno, 0);
  const signedEnum = blob([[BOX, kind(6, 0, 1), 4]], '');
  assert.deepEqual(parse({ bytes: signedEnum }, '5.19').complaints.at(-2), 'Invalid btf_info kind_flag');
  assert.equal(parse({ bytes: signedEnum }, '6.0').errno, 0);
});

test('type tags come first up to 6.12, and chains of modifiers end since 5.17', () => {
  // const -> type tag -> int
  const behind = blob(
    [
      [0, kind(10), 4],
      [BOX, kind(18), 1],
    ],
    '',
  );
  assert.deepEqual(parse({ bytes: behind }), {
    ...{ errno: 22, complaints: ["Type tags don't precede modifiers"], warnings: [], complete: true, lost: null },
  });
  assert.equal(parse({ bytes: behind }, '7.2').errno, 0);
  const circle = blob([[0, kind(10), 3]], '');
  assert.equal(parse({ bytes: circle }, '5.16').errno, 0);
  assert.deepEqual([parse({ bytes: circle }, '5.17').errno, parse({ bytes: circle }, '7.2').errno], [40, 40]);
  const nowhere = blob([[0, kind(10), 9]], '');
  assert.deepEqual(parse({ bytes: nowhere }), { errno: 22, complaints: [], warnings: [], complete: true, lost: null });
});

test('names: longer ones since 6.1, and sections with any printable one later', () => {
  const long = (length: number) => blob([[STRINGS.length, kind(8), 1]], `${'x'.repeat(length)}\0`);
  assert.deepEqual(
    [128, 129].map(n => parse({ bytes: long(n) }, '5.19').errno),
    [0, 22],
  );
  assert.deepEqual(
    [512, 513].map(n => parse({ bytes: long(n) }, '6.1').errno),
    [0, 22],
  );
  const section = blob([[STRINGS.length, kind(15, 0), 8]], '.data..a b\0');
  assert.deepEqual(
    ['6.1', '6.12'].map(release => parse({ bytes: section }, release).errno),
    [22, 0],
  );
});

test('what is permitted is not told since 6.5, but for what is no type', () => {
  const wrong = blob([[BOX, kind(2), 1]], '');
  assert.deepEqual(parse({ bytes: wrong }).complaints, ['[3] PTR box ', 'type_id=1', ' ', 'Invalid name', '\n']);
  assert.deepEqual(parse({ bytes: wrong }, '6.12', true).complaints, []);
  const kindless = blob([[0, kind(0), 1]], '');
  assert.deepEqual(parse({ bytes: kindless }, '6.12', true).complaints, ['[3] Invalid kind:0']);
});

test('each piece is a line; before 5.17 without a blank, and with the newlines of the pieces', () => {
  const facts = { module: 'm', errno: 22, complaints: ['a ', '\n'], warnings: [] };
  const dmesg = (spaced: boolean): string[] => {
    const told = { ...facts, spaced, allowed: false, toleratedOnce: false, toldBefore: false };
    return [btfMismatch.dmesg?.(told) ?? []].flat().map(({ level, text }) => `${level} ${text}`);
  };
  const last = '4 failed to validate module [m] BTF: -22';
  assert.deepEqual(dmesg(true), ['3 BPF: a ', '3 BPF: ', last]);
  assert.deepEqual(dmesg(false), ['3 BPF:a ', '3 BPF:\n', last]);
});

test('types of .BTF.base are found again by name and size', () => {
  const split = (member: number) => blob([[BOX, kind(4, 1), 4, BOX, member, 0]], '');
  const distilled = (...types: (readonly number[])[]) => blob(types, STRINGS);
  const box = [BOX, kind(4, 0), 8];
  const relocated = (base: Uint8Array, bytes = blob([], '')) => parse({ bytes, base });
  assert.equal(relocated(distilled(INT_TYPE, [BOX, kind(4), 4])).errno, 0);
  // Only where a struct holds it must its size be equal.
  assert.equal(relocated(distilled(box)).errno, 0);
  const unmapped = (name: string) => [`distilled base BTF type '${name}' [1] is not mapped to base BTF id`];
  assert.deepEqual(relocated(distilled(box), split(1)).warnings, unmapped('box'));
  assert.deepEqual(relocated(distilled([INT, kind(1), 8, 32])).warnings, unmapped('int'));
  // A name of .BTF.base that no type of it has.
  assert.deepEqual(relocated(distilled(INT_TYPE), blob([[BOX, kind(8), 1]], '')), {
    ...{ errno: 2, complaints: [], warnings: [`string '' [offset ${BOX}] is not mapped to base BTF`] },
    ...{ complete: true, lost: null },
  });
  const twice = blob([INT_TYPE, INT_TYPE], STRINGS);
  const [warning] = parse({ bytes: blob([], ''), base: distilled(INT_TYPE), vmlinux: twice }).warnings;
  assert.match(
    warning ?? '',
    /^distilled base BTF type 'int' \[1\], size 4 has multiple candidates .* \(ids \[2, 1\]\)/,
  );
});

test('what the kernel follows to nowhere or without end is named', () => {
  const base = blob([INT_TYPE], STRINGS);
  assert.equal(parse({ bytes: blob([[0, kind(2), 99]], ''), base }).lost, 2);
  const member = (type: number) => [0, kind(4, 1), 4, 0, type, 0];
  assert.equal(parse({ bytes: blob([member(99)], ''), base }).lost, 2);
  const round = [0, kind(3), 0, 3, 1, 1];
  assert.equal(parse({ bytes: blob([member(3), round], ''), base }).lost, 2);
  // Two members of the same type come to the same end.
  assert.equal(parse({ bytes: blob([[0, kind(4, 2), 4, 0, 1, 0, 0, 1, 0]], ''), base }).lost, null);
});

test('without the BTF of vmlinux only the header and the strings are checked, and that is said', () => {
  const bytes = blob([[BOX, kind(31), 1]], '');
  assert.deepEqual(parse({ bytes, vmlinux: null }), {
    ...{ errno: 0, complaints: [], warnings: [], complete: false, lost: null },
  });
  assert.equal(parse({ bytes: bytes.subarray(0, 30), vmlinux: null }).complete, true);
  // What a module brings along can be checked, but not found again.
  assert.equal(parse({ bytes: blob([], ''), base: blob([INT_TYPE], STRINGS), vmlinux: null }).complete, false);
});
