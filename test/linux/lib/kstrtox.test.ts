// Numbers and booleans as lib/kstrtox.c reads them. A selection of our own of what lib/test-kstrtox.c holds true.
import assert from 'node:assert/strict';
import test from 'node:test';
import { EINVAL, ERANGE } from '../../../src/linux/errno';
import { kstrtobool, kstrtoInteger, kstrtoll, kstrtoull } from '../../../src/linux/lib/kstrtox';

const ok = (value: bigint) => ({ value, errno: 0 });
const bad = (errno: number) => ({ value: null, errno });

test('the prefix gives the base', () => {
  const values: readonly (readonly [string, bigint])[] = [
    ['0', 0n],
    ['1', 1n],
    ['127', 127n],
    ['010', 8n],
    ['00', 0n],
    ['0777', 511n],
    ['0x0', 0n],
    ['0xff', 255n],
    ['0XfF', 255n],
    ['0x0010', 16n],
    ['+5', 5n],
    ['+0x10', 16n],
    ['5\n', 5n],
    ['0xffffffffffffffff', 0xffff_ffff_ffff_ffffn],
    ['18446744073709551615', 0xffff_ffff_ffff_ffffn],
    ['01777777777777777777777', 0xffff_ffff_ffff_ffffn],
  ];
  for (const [text, value] of values) assert.deepEqual(kstrtoull(text), ok(value), text);
});

test('what is no number', () => {
  const texts = ['', '\n', '\n0', '+', '-', '+-1', '-+1', '++1', '--1', '- 1', '+ 1', ' 1', '1 ', '1\n\n', '5x', 'abc'];
  const prefixes = ['08', '09', '0x', '0X', '0xg', 'x1', '0b1', '0o7', '1_000', '1.0', '1e3', '\u0661'];
  for (const text of [...texts, ...prefixes]) {
    assert.deepEqual(kstrtoull(text), bad(EINVAL), `${text} unsigned`);
    assert.deepEqual(kstrtoll(text), bad(EINVAL), `${text} signed`);
  }
});

test('a minus is for signed types only', () => {
  assert.deepEqual(kstrtoull('-1'), bad(EINVAL));
  assert.deepEqual(kstrtoull('-0'), bad(EINVAL));
  assert.deepEqual(kstrtoll('-1'), ok(-1n));
  assert.deepEqual(kstrtoll('-0'), ok(0n));
  assert.deepEqual(kstrtoll('-0x10'), ok(-16n));
  assert.deepEqual(kstrtoll('-010'), ok(-8n));
});

test('64 bits are enough, 65 are not', () => {
  assert.deepEqual(kstrtoull('18446744073709551616'), bad(ERANGE));
  assert.deepEqual(kstrtoull('0x10000000000000000'), bad(ERANGE));
  assert.deepEqual(kstrtoll('9223372036854775807'), ok(2n ** 63n - 1n));
  assert.deepEqual(kstrtoll('9223372036854775808'), bad(ERANGE));
  assert.deepEqual(kstrtoll('-9223372036854775808'), ok(-(2n ** 63n)));
  assert.deepEqual(kstrtoll('-9223372036854775809'), bad(ERANGE));
  assert.deepEqual(kstrtoll('-18446744073709551616'), bad(ERANGE));
});

test('64 bits overflow before anything behind the digits is looked at', () => {
  assert.deepEqual(kstrtoull('99999999999999999999x'), bad(ERANGE));
  assert.deepEqual(kstrtoll('-99999999999999999999x'), bad(ERANGE));
});

test('the range of a narrow type is looked at last', () => {
  assert.deepEqual(kstrtoInteger('256x', 8, false), bad(EINVAL));
  assert.deepEqual(kstrtoInteger('256', 8, false), bad(ERANGE));
});

test('the ends of every width', () => {
  for (const bits of [8, 16, 32, 64]) {
    const unsigned = 2n ** BigInt(bits) - 1n;
    const most = 2n ** BigInt(bits - 1) - 1n;
    assert.deepEqual(kstrtoInteger(String(unsigned), bits, false), ok(unsigned));
    assert.deepEqual(kstrtoInteger(String(unsigned + 1n), bits, false), bad(ERANGE));
    assert.deepEqual(kstrtoInteger('-1', bits, false), bad(EINVAL));
    assert.deepEqual(kstrtoInteger(String(most), bits, true), ok(most));
    assert.deepEqual(kstrtoInteger(String(most + 1n), bits, true), bad(ERANGE));
    assert.deepEqual(kstrtoInteger(String(-most - 1n), bits, true), ok(-most - 1n));
    assert.deepEqual(kstrtoInteger(String(-most - 2n), bits, true), bad(ERANGE));
  }
});

const OLD = { yes: '1yY', no: '0nN' };
const NEW = { yes: '1yYtTeE', no: '0nNfFdD' };

test('a boolean is its first letter, two for on and off', () => {
  for (const yes of ['1', 'y', 'Y', 'yes', '10', '12', '1 0', 'on', 'ON', 'oN', 'onion'])
    assert.equal(kstrtobool(yes, OLD), true, yes);
  for (const no of ['0', 'n', 'N', 'no', '01', 'Nonsense', 'off', 'OF', 'of', 'offish'])
    assert.equal(kstrtobool(no, OLD), false, no);
  for (const neither of ['', 'o', 'ox', '2', '-1', ' 1', 'true', 'false', 'enable', 'disable'])
    assert.equal(kstrtobool(neither, OLD), null, neither);
});

test('later kernels take more letters', () => {
  for (const yes of ['t', 'True', 'e', 'Enable']) assert.equal(kstrtobool(yes, NEW), true, yes);
  for (const no of ['f', 'False', 'd', 'Disable']) assert.equal(kstrtobool(no, NEW), false, no);
});
