// What an x86_64 instruction does to the variable its relocation names: enough of the opcode map to be sure, or unsure.

import type { Access, OperandAccess } from '../arch';

const R_X86_64_PC32 = 2;
const R_X86_64_PLT32 = 4;

/** Loads, compares and tests of a memory operand with one opcode byte. */
const READS: ReadonlySet<number> = new Set([
  0x02, 0x03, 0x0a, 0x0b, 0x12, 0x13, 0x1a, 0x1b, 0x22, 0x23, 0x2a, 0x2b, 0x32, 0x33, 0x38, 0x39, 0x3a, 0x3b, 0x63,
  0x69, 0x6b, 0x84, 0x85, 0x8a, 0x8b,
]);
/** Stores, and arithmetic whose result goes to memory. */
const WRITES: ReadonlySet<number> = new Set([
  0x00, 0x01, 0x08, 0x09, 0x10, 0x11, 0x18, 0x19, 0x20, 0x21, 0x28, 0x29, 0x30, 0x31, 0x86, 0x87, 0x88, 0x89, 0xc6,
  0xc7,
]);
/** Behind 0x0f: movzx, movsx, imul, cmov. */
const isLongRead = (opcode: number): boolean =>
  [0xb6, 0xb7, 0xbe, 0xbf, 0xaf].includes(opcode) || (opcode >= 0x40 && opcode <= 0x4f);

/** Instructions with an immediate behind the field: the processor counts from its end. One byte, or four (two with 0x66). */
const IMMEDIATE_1: ReadonlySet<number> = new Set([0x6b, 0x80, 0x83, 0xc6]);
const IMMEDIATE_4: ReadonlySet<number> = new Set([0x69, 0x81, 0xc7]);

const UNKNOWN: OperandAccess = { access: 'unknown', shifts: [0, 1, 2, 4] };

/**
 * Reads the instruction before a relocated field (Intel SDM, volume 2, appendix A). Only direct accesses relative to
 * the instruction pointer and calls are told; everything else, such as taking an address, is `unknown`.
 */
export function accessOf(code: Uint8Array, offset: number, type: number): OperandAccess {
  const [opcode, modrm] = [code[offset - 2] ?? 0, code[offset - 1] ?? 0];
  const isBranch = modrm === 0xe8 || modrm === 0xe9 || (opcode === 0x0f && modrm >= 0x80 && modrm <= 0x8f);
  // Assemblers write PC32 for a branch to a local function, PLT32 for others.
  if (isBranch && (type === R_X86_64_PLT32 || type === R_X86_64_PC32)) return { access: 'call', shifts: [0] };
  if (type !== R_X86_64_PC32 || (modrm & 0xc7) !== 0x05) return UNKNOWN;
  const access = memoryAccess(code[offset - 3] ?? 0, opcode, (modrm >> 3) & 7);
  return access === 'unknown' ? UNKNOWN : { access, shifts: shiftsOf(opcode, (modrm >> 3) & 7) };
}

/** @param field the middle three bits of ModRM, which select the operation in groups */
function memoryAccess(before: number, opcode: number, field: number): Access {
  // The byte before may be a prefix or the end of another instruction: only 0x0f changes the meaning.
  if (before === 0x0f) return isLongRead(opcode) ? 'read' : 'unknown';
  if (READS.has(opcode)) return 'read';
  if (WRITES.has(opcode)) return 'write';
  if (opcode === 0x80 || opcode === 0x81 || opcode === 0x83) return field === 7 ? 'read' : 'write';
  if (opcode === 0xf6 || opcode === 0xf7) return field < 2 ? 'read' : field < 4 ? 'write' : 'unknown';
  if (opcode === 0xff) return field < 2 ? 'write' : 'read';
  return 'unknown';
}

function shiftsOf(opcode: number, field: number): readonly number[] {
  if (IMMEDIATE_1.has(opcode) || (opcode === 0xf6 && field < 2)) return [1];
  // With an operand size prefix, which may or may not stand before, the immediate has two bytes.
  return IMMEDIATE_4.has(opcode) || (opcode === 0xf7 && field < 2) ? [2, 4] : [0];
}
