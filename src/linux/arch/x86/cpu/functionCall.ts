// How a kernel function sees its caller: arguments and memory (System V ABI for AMD64, 3.2.3).
import { RCX, RDI, RDX, RSI, type Cpu } from './cpu';
import type { CpuMemory } from './memory';
import { bitsIn, known, numberOf, truncate, unknownValue, type Size, type Value } from './value';

/** What a function leaves in RAX, or null where what it does is not known. */
export type KernelFunction = (call: FunctionCall) => Value | null;

const ARGUMENTS = [RDI, RSI, RDX, RCX, 8, 9] as const;
/** Longer than any string a parameter may be compared with. */
const LONGEST_STRING = 1 << 14;

export class FunctionCall {
  readonly memory: CpuMemory;

  constructor(private readonly cpu: Cpu) {
    this.memory = cpu.memory;
  }

  /** An argument of `size` bytes, or null when it is not known. What is above it in the register does not count. */
  unsigned(index: number, size: Size): bigint | null {
    const register = ARGUMENTS[index];
    return register === undefined ? null : numberOf(truncate(this.cpu.register(register), size));
  }

  pointer(index: number): bigint | null {
    return this.unsigned(index, 8);
  }

  /** The string an argument points to, as a byte string; null where there is none that is known. */
  string(index: number): string | null {
    const address = this.pointer(index);
    return address === null ? null : this.stringAt(address);
  }

  stringAt(address: bigint): string | null {
    let text = '';
    for (let i = 0; i < LONGEST_STRING; i++) {
      const byte = this.memory.byte(address + BigInt(i));
      if (byte === null) return null;
      if (byte === 0) return text;
      text += String.fromCharCode(byte);
    }
    return null;
  }

  /** Up to `length` bytes and no further than their NUL, which is not part of them; null where one is not known. */
  limitedString(index: number, length: bigint): string | null {
    const address = this.pointer(index);
    if (address === null) return null;
    let text = '';
    for (let i = 0n; i < length; i++) {
      const byte = this.memory.byte(address + i);
      if (byte === null || text.length === LONGEST_STRING) return null;
      if (byte === 0) return text;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** Stores where an argument points to. */
  store(index: number, size: Size, value: bigint): boolean {
    const address = this.pointer(index);
    return address !== null && this.memory.write(address, size, known(BigInt.asUintN(bitsIn(size), value), size));
  }
}

/** A result of `size` bytes: the ABI leaves open what is above it. */
export function returned(value: bigint, size: Size): Value {
  const { bits } = known(BigInt.asUintN(bitsIn(size), value), size);
  return { bits, unknown: unknownValue(8).unknown ^ unknownValue(size).unknown };
}

export const returnedInt = (value: number): Value => returned(BigInt(value), 4);
export const returnedVoid: Value = unknownValue(8);
