// Machine code of x86_64 as far as compilers write it into small functions of the kernel (Intel SDM volume 2, chapter 2
// and the opcode maps of appendix A). Whatever is not in the tables is not decoded.
import { ByteReader } from '../../../../formats/bytes/byteReader';
import type { Size } from './value';

/** A memory operand: base + index * scale + displacement; registers are -1 where there is none. */
export interface MemoryOperand {
  readonly base: number;
  readonly index: number;
  readonly scale: number;
  readonly displacement: bigint;
  readonly ripRelative: boolean;
}

export interface Instruction {
  readonly length: number;
  /** 0x100 is added for opcodes that follow 0F. */
  readonly opcode: number;
  /** Operand size of an instruction that is not about bytes. */
  readonly size: Size;
  readonly rex: number;
  /** 0xf2 or 0xf3, or 0 */
  readonly repeat: number;
  readonly gs: boolean;
  /** Register fields of ModRM, extended by REX; 0 without ModRM. */
  readonly reg: number;
  readonly rm: number;
  /** The memory operand of ModRM, null when it names a register. */
  readonly memory: MemoryOperand | null;
  /** Sign-extended. */
  readonly immediate: bigint;
}

export const LONGEST = 15;
export const TWO_BYTE = 0x100;

const MODRM = 1;
const IMM8 = 2;
/** 16 bits with the operand size prefix, else 32. */
const IMM = 4;
/** As IMM, and 64 bits with REX.W. */
const IMM_FULL = 8;
/** TEST in groups 3 has an immediate, its other members do not. */
const GROUP3 = 16;
const PLAIN = 32;
/** The operand size prefix would make another instruction of it. */
const FIXED = 64;
/** Its size is 64 bits without REX.W. */
const STACK = 128;
/** A string instruction, or one that takes a repeat prefix without changing. */
const REPEATS = 256;

const FORMS = forms();

function forms(): Uint16Array {
  const table = new Uint16Array(2 * TWO_BYTE);
  const set = (form: number, ...ranges: readonly (number | readonly [number, number])[]): void => {
    for (const range of ranges) {
      const [from, to] = typeof range === 'number' ? [range, range] : range;
      table.fill(form, from, to + 1);
    }
  };
  for (let operation = 0; operation < 0x40; operation += 8) {
    set(MODRM, [operation, operation + 3]);
    set(IMM8, operation + 4);
    set(IMM, operation + 5);
  }
  set(PLAIN | FIXED | STACK, [0x50, 0x5f], 0xc9);
  set(MODRM, 0x63, [0x84, 0x8b], 0x8d, [0xd0, 0xd3], 0xfe, 0xff);
  set(IMM | FIXED | STACK, 0x68);
  set(IMM8 | FIXED | STACK, 0x6a);
  set(MODRM | IMM, 0x69, 0x81, 0xc7);
  set(MODRM | IMM8, 0x6b, 0x80, 0x83, 0xc0, 0xc1, 0xc6);
  set(IMM8 | FIXED, [0x70, 0x7f], 0xeb);
  set(PLAIN, [0x91, 0x99]);
  set(PLAIN | REPEATS, 0x90, [0xa4, 0xa7], 0xaa, 0xab, 0xae, 0xaf);
  set(IMM8, 0xa8, [0xb0, 0xb7]);
  set(IMM, 0xa9);
  set(IMM_FULL, [0xb8, 0xbf]);
  set(PLAIN | FIXED | REPEATS, 0xc3);
  set(IMM | FIXED, 0xe8, 0xe9, [TWO_BYTE + 0x80, TWO_BYTE + 0x8f]);
  set(MODRM | GROUP3, 0xf6, 0xf7);
  set(MODRM | REPEATS, TWO_BYTE + 0x1e);
  set(MODRM, TWO_BYTE + 0x1f, TWO_BYTE + 0xa3, TWO_BYTE + 0xaf, TWO_BYTE + 0xb6, TWO_BYTE + 0xb7);
  set(MODRM, TWO_BYTE + 0xbe, TWO_BYTE + 0xbf, [TWO_BYTE + 0x40, TWO_BYTE + 0x4f], [TWO_BYTE + 0x90, TWO_BYTE + 0x9f]);
  set(MODRM | IMM8, TWO_BYTE + 0xba);
  return table;
}

interface Prefixes {
  readonly length: number;
  readonly operandSize: boolean;
  readonly repeat: number;
  readonly gs: boolean;
  readonly rex: number;
}

/** Legacy prefixes in any order, then REX. LOCK, FS and the address size are none of ours. */
function prefixes(r: ByteReader): Prefixes {
  let [length, repeat, operandSize, gs] = [0, 0, false, false];
  for (; length < LONGEST; length++) {
    const byte = r.u8(length);
    if (byte === 0x66) operandSize = true;
    else if (byte === 0x65) gs = true;
    else if (byte === 0xf2 || byte === 0xf3) repeat = byte;
    // CS, DS, ES and SS mean nothing in 64-bit mode (SDM volume 1, 3.4.2.1), and 3E marks a jump as not tracked.
    else if (byte !== 0x26 && byte !== 0x2e && byte !== 0x36 && byte !== 0x3e) break;
  }
  const next = r.u8(length);
  const rex = (next & 0xf0) === 0x40 ? next : 0;
  return { length: rex === 0 ? length : length + 1, operandSize, repeat, gs, rex };
}

/** The instruction at the start of `code`, or null when it is not one of those known. */
export function decode(code: Uint8Array): Instruction | null {
  const r = new ByteReader(code, true);
  const { length: prefixed, operandSize, repeat, gs, rex } = prefixes(r);
  const twoByte = r.u8(prefixed) === 0x0f;
  const opcode = twoByte ? TWO_BYTE + r.u8(prefixed + 1) : r.u8(prefixed);
  const form = FORMS[opcode] ?? 0;
  if (form === 0 || (operandSize && form & FIXED) || (repeat !== 0 && !(form & REPEATS))) return null;
  const wide = (rex & 8) !== 0 || (form & STACK) !== 0;
  const size: Size = wide ? 8 : operandSize ? 2 : 4;
  let at = prefixed + (twoByte ? 2 : 1);
  const operand = form & MODRM ? modrm(r, at, rex) : NO_OPERAND;
  at += operand.length;
  const width = immediateWidth(form, operand.reg, opcode, wide, operandSize);
  const immediate = width === 0 ? 0n : BigInt.asIntN(width * 8, readNumber(r, at, width));
  at += width;
  if (at > LONGEST || at > code.length) return null;
  const { reg, rm, memory } = operand;
  return { length: at, opcode, size, rex, repeat, gs, reg, rm, memory, immediate };
}

type Operand = Pick<Instruction, 'length' | 'reg' | 'rm' | 'memory'>;

const NO_OPERAND: Operand = { length: 0, reg: 0, rm: 0, memory: null };

/** ModRM, SIB and displacement (SDM volume 2, 2.1.5 and 2.2.1.6). */
function modrm(r: ByteReader, at: number, rex: number): Operand {
  const byte = r.u8(at);
  const mod = byte >> 6;
  const reg = ((byte >> 3) & 7) | (rex & 4 ? 8 : 0);
  const rm = (byte & 7) | (rex & 1 ? 8 : 0);
  if (mod === 3) return { length: 1, reg, rm, memory: null };
  let [length, base, index, scale] = [1, rm, -1, 1];
  if ((byte & 7) === 4) {
    const sib = r.u8(at + 1);
    length = 2;
    base = (sib & 7) | (rex & 1 ? 8 : 0);
    index = ((sib >> 3) & 7) | (rex & 2 ? 8 : 0);
    if (index === 4) index = -1;
    scale = 1 << (sib >> 6);
  }
  const noBase = mod === 0 && (base & 7) === 5;
  const width = noBase || mod === 2 ? 4 : mod;
  const displacement = width === 0 ? 0n : BigInt.asIntN(width * 8, readNumber(r, at + length, width));
  const ripRelative = noBase && length === 1;
  const memory = { base: noBase ? -1 : base, index, scale, displacement, ripRelative };
  return { length: length + width, reg, rm, memory };
}

function immediateWidth(form: number, reg: number, opcode: number, wide: boolean, operandSize: boolean): number {
  if (form & IMM8) return 1;
  const test = form & GROUP3 && (reg & 7) < 2;
  if (test && opcode === 0xf6) return 1;
  if (form & IMM_FULL && wide) return 8;
  if (!(form & (IMM | IMM_FULL)) && !test) return 0;
  return operandSize && !wide ? 2 : 4;
}

function readNumber(r: ByteReader, at: number, width: number): bigint {
  if (width === 1) return BigInt(r.u8(at));
  if (width === 2) return BigInt(r.u16(at));
  return width === 4 ? BigInt(r.u32(at)) : r.u64(at);
}
