// The evaluator on code written here, byte by byte: what it knows is exact, and all else ends without a result.
import { noteText } from '../../../../../src/findings/notes';
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { evaluate, type Surroundings } from '../../../../../src/linux/arch/x86/cpu/evaluate';
import { KERNEL_COPIES } from '../../../../../src/linux/arch/x86/cpu/kernelCopies';
import { kernelNumbers } from '../../../../../src/linux/arch/x86/cpu/kernelNumbers';
import { KERNEL_STRINGS } from '../../../../../src/linux/arch/x86/cpu/kernelStrings';
import { CpuMemory, type Area } from '../../../../../src/linux/arch/x86/cpu/memory';

const TEXT = 0xffff_ffff_c000_0000n;
const DATA = 0xffff_ffff_c001_0000n;
const CONSTANTS = 0xffff_ffff_c002_0000n;
const KERNEL = 0xffff_ffff_8100_0000n;

const functions = new Map([...KERNEL_STRINGS, ...KERNEL_COPIES, ...kernelNumbers({ yes: '1yYtT', no: '0nNfF' })]);
const NAMES = [...functions.keys(), '__x86_return_thunk', '__fentry__', '__x86_indirect_thunk_rax', '_printk'];

const surroundings: Surroundings = {
  symbolsAt: address => {
    const name = NAMES[Number(address - KERNEL) / 16];
    return name === undefined ? [] : [name];
  },
  functions,
  patched: new Set([TEXT + 0x38n]),
};

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

function area(base: bigint, contents: Uint8Array, kind: 'text' | 'data' | 'constants'): Area {
  const [writable, executable] = [kind === 'data', kind === 'text'];
  return { base, bytes: contents, length: contents.length, writable, executable, kept: true };
}

/** Runs code with `first` in RDI and the address of 64 bytes of data in RSI. */
function run(code: Uint8Array | string, first = 0n, constants = '') {
  const memory = new CpuMemory([
    area(TEXT, typeof code === 'string' ? bytes(code) : code, 'text'),
    area(DATA, new Uint8Array(64), 'data'),
    area(CONSTANTS, Buffer.from(constants + '\0', 'latin1'), 'constants'),
  ]);
  return evaluate(memory, surroundings, TEXT, first, DATA);
}

function result(code: string, first = 0n, constants = ''): number | string {
  const evaluation = run(code, first, constants);
  return evaluation.kind === 'returned' ? evaluation.result : noteText(evaluation.reason);
}

/** `call` at an offset of the text to a function of the kernel. */
function call(offset: number, name: string): string {
  const target = KERNEL + 16n * BigInt(NAMES.indexOf(name));
  const field = Buffer.alloc(4);
  field.writeInt32LE(Number(BigInt.asIntN(32, target - (TEXT + BigInt(offset) + 5n))));
  return 'e8' + field.toString('hex');
}

test('constants and returns', () => {
  assert.equal(result('f30f1efa b8eaffffff c3'), -22);
  assert.equal(result('31c0 c3'), 0);
  assert.equal(result('660f1f440000 0f1f8000000000 662e0f1f840000000000 9048c7c0fbffffff f3c3'), -5);
  assert.equal(result('6a07 58 c3'), 7);
  assert.equal(result('55 4889e5 b803000000 c9 c3'), 3);
});

test('flags decide', () => {
  // cmp edi, 10; setg al; movzx eax, al
  for (const [value, greater] of [
    [9n, 0],
    [10n, 0],
    [11n, 1],
    [0xffff_ffffn, 0],
    [0x7fff_ffffn, 1],
  ] as const)
    assert.equal(result('83ff0a 0f9fc0 0fb6c0 c3', value), greater, String(value));
  // the same with seta, which has no sign
  assert.equal(result('83ff0a 0f97c0 0fb6c0 c3', 0xffff_ffffn), 1);
  // mov eax, 1; mov edx, 2; test rdi, rdi; cmove eax, edx
  assert.equal(result('b801000000 ba02000000 4885ff 0f44c2 c3', 0n), 2);
  assert.equal(result('b801000000 ba02000000 4885ff 0f44c2 c3', 1n), 1);
});

test('arithmetic keeps to its width', () => {
  assert.equal(result('89f8 0fafc7 c3', 0x1_0000n), 0, 'imul');
  assert.equal(result('89f8 f7d8 c3', 5n), -5, 'neg');
  assert.equal(result('89f8 c1f802 c3', 0xffff_fff8n), -2, 'sar');
  assert.equal(result('89f8 c1e802 c3', 0xffff_fff8n), 0x3fff_fffe, 'shr');
  assert.equal(result('8d447f05 c3', 7n), 26, 'lea eax, [rdi+rdi*2+5]');
  assert.equal(result('89f8 99 b90a000000 f7f9 89d0 c3', 37n), 7, 'idiv');
  assert.equal(result('40b7ff 400fbec7 c3', 0n), -1, 'dil, then movsx');
  assert.equal(result('31c0 b401 c3'), 256, 'ah');
});

test('memory of its own is kept, the stack is not', () => {
  const evaluation = run('c7460878563412 8346087f 55 8b4608 5d c3');
  assert.equal(evaluation.kind === 'returned' && evaluation.result, 0x1234_56f7);
  assert.deepEqual(evaluation.kind === 'returned' && [...evaluation.changes], [
    [DATA + 8n, 0xf7],
    [DATA + 9n, 0x56],
    [DATA + 10n, 0x34],
    [DATA + 11n, 0x12],
  ]);
});

test('the canary of the stack protector equals itself and is nothing else', () => {
  const take = '65488b042528000000 4889442410';
  const enter = '4883ec18';
  const leave = '4883c418 c3';
  const compare = '488b442410 65482b042528000000';
  assert.equal(result(`${enter}${take}31c0 ${compare} 7505 b807000000 ${leave}`), 7);
  // A byte over it, and nobody knows.
  assert.equal(
    result(`${enter}${take}31c0 c644241200 ${compare} 7505 b807000000 ${leave}`),
    'a flag that is not known',
  );
  assert.equal(result('65488b042528000000 c3'), 'what it returns is not known');
});

test('functions of the kernel', () => {
  const first = CONSTANTS;
  // lea rsi, [constants + 4]; call strcmp
  const lea = (offset: number) => {
    const field = Buffer.alloc(4);
    field.writeInt32LE(Number(CONSTANTS) - Number(TEXT) + offset - 7);
    return `488d35${field.toString('hex')}`;
  };
  assert.equal(result(`${lea(4)}${call(7, 'strcmp')}c3`, first, 'abc\0abc'), 0);
  assert.equal(result(`${lea(4)}${call(7, 'strcmp')}c3`, first, 'abc\0abd'), -1);
  assert.equal(result(`${lea(4)}${call(7, 'strcmp')}c3`, first, 'abz\0abc'), 1);
  assert.equal(result(`${lea(4)}${call(7, 'strcasecmp')}c3`, first, 'AbC\0aBc'), 0);
  assert.equal(result(`${lea(4)}${call(7, 'strcasecmp')}c3`, first, 'ABC\0abd'), -1);
  assert.equal(result(`${lea(4)}${call(7, 'sysfs_streq')}0fb6c0c3`, first, 'ab\n\0ab'), 1);
  assert.equal(result(`${lea(4)}${call(7, 'sysfs_streq')}c3`, first, 'ab\n\0ab'), 'what it returns is not known');
  // xor esi, esi; lea rdx, [data]: kstrtoint(val, 0, &data)
  const kstrtoint = `4889f2 31f6 ${call(5, 'kstrtoint')} c3`;
  assert.equal(result(kstrtoint, first, '-0x10'), 0);
  assert.equal(result(kstrtoint, first, '2147483648'), -34);
  assert.equal(result(kstrtoint, first, '1 '), -22);
  const hex = `4889f2 be10000000 ${call(8, 'kstrtoint')} 8b0425${'00000000'} c3`;
  assert.equal(result(hex, first, '10'), 'memory that is not known', 'address 0');
});

test('copies', () => {
  // mov rax, rsi; mov rsi, rdi; mov rdi, rax; mov edx, 8; call; movsx eax, byte [data + at]
  const enter = '50 4889f0 4889fe 4889c7 4889c3 ba08000000';
  const copied = (name: string, at: string, text: string) =>
    result(`${enter}${call(18, name)} 0fbe43${at} 5a c3`, CONSTANTS, text);
  assert.equal(copied('strncpy', '02', 'abc'), 0x63);
  assert.equal(copied('strncpy', '07', 'abc'), 0);
  // The rest of the word behind "abc" is cleared or not.
  assert.equal(copied('strscpy', '03', 'abc'), 'it stores values that are not known');
  assert.equal(copied('strscpy', '07', 'abcdefghi'), 0);
  assert.equal(copied('strcpy', '08', 'abcdefghi'), 0x69);
  assert.equal(result(`${enter}${call(18, 'strscpy')} 5a c3`, CONSTANTS, 'abcdefghi'), -7);
  assert.equal(result(`${enter}${call(18, 'strscpy')} 5a c3`, CONSTANTS, 'abcdefg'), 7);
  assert.equal(result(`${call(0, 'strim')} c3`, CONSTANTS, 'x '), 'it calls strim()', 'a constant');
});

test('what is not known ends the evaluation', () => {
  const unknown = 'an instruction that is not known';
  assert.equal(result('0f0b'), unknown, 'ud2');
  assert.equal(result('f00fb10e c3'), unknown, 'lock');
  assert.equal(result('0f05'), unknown, 'syscall');
  assert.equal(result('0f28c1 c3'), unknown, 'movaps');
  assert.equal(result('c1c003 c3'), 'a shift that is not known', 'rol');
  assert.equal(result('c3'), 'what it returns is not known');
  assert.equal(result('48891e 31c0 c3'), 'it stores values that are not known');
  assert.equal(result('488b07 c3'), 'memory that is not known', 'NULL');
  assert.equal(result('4889e6 488b4608 c3'), 'memory that is not known', 'the stack of its caller');
  assert.equal(result('c60701 31c0 c3', CONSTANTS), 'memory that is not its own to write');
  assert.equal(result('c60701 31c0 c3', TEXT), 'memory that is not its own to write');
  assert.equal(result('4885c0 7400 31c0 c3'), 'a flag that is not known');
  assert.equal(result('31c0 7a00 c3'), 'a flag that is not known', 'parity');
  assert.equal(result('ebfe'), 'it runs for long');
  assert.equal(result('50 ebfd'), 'memory that is not its own to write', 'the stack ends');
  assert.equal(result('6a00 c3'), 'it calls code outside of the module');
  assert.equal(result('b805000000 50 31c0 c3'), 'it calls code outside of the module');
  assert.equal(result(`${call(0, '_printk')} c3`), 'it calls _printk()');
  assert.equal(result(`eb36${'90'.repeat(60)}`), 'an instruction that the kernel patches');
  assert.equal(result('6531c0 658b0425 30000000 c3'), 'per-cpu data');
});

test('rep', () => {
  // mov rdi, rsi; mov ecx, 8; mov eax, 1; rep stosd; mov eax, [rsi+28]
  assert.equal(result('4889f7 b908000000 b801000000 f3ab 8b461c c3'), 1);
  assert.equal(result('4889f7 b9ffffffff 31c0 f3aa c3'), 'memory that is not its own to write');
});

test('any bytes end within the limit, without a throw', () => {
  const codes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 64 }),
    // Opcodes the tables know, so that more than one instruction is run.
    fc
      .array(
        fc.constantFrom('31c0', '4889f7', '8b06', '8906', '01d0', '48', '66', 'f3', '85c0', '74fe', '7502', 'ff'),
        {
          minLength: 1,
          maxLength: 40,
        },
      )
      .map(parts => bytes(parts.join('') + 'c3')),
  );
  fc.assert(
    fc.property(codes, fc.bigInt(0n, 2n ** 64n - 1n), (code, first) => {
      const evaluation = run(code, first, 'text');
      assert.ok(evaluation.kind === 'returned' || noteText(evaluation.reason) !== '');
      if (evaluation.kind === 'returned') assert.ok(Number.isInteger(evaluation.result));
    }),
    { numRuns: 3000 },
  );
});
