// State of the machine: registers, flags, memory; operands are read and written here.
import type { Note, PlainNote } from '../../../../findings/notes';
import type { Instruction, MemoryOperand } from './decode';
import type { CpuMemory } from './memory';
import {
  bitsIn,
  CANARY,
  insert,
  known,
  maskOf,
  numberOf,
  truncate,
  unknownValue,
  type Size,
  type Value,
} from './value';

export const [RAX, RCX, RDX, RSP, RSI, RDI] = [0, 1, 2, 4, 6, 7] as const;

/** A flag is null where the instruction left it undefined, or where it depends on bits that are not known. */
export type Flag = boolean | null;

export interface Flags {
  readonly cf: Flag;
  readonly zf: Flag;
  readonly sf: Flag;
  readonly of: Flag;
}

export const NO_FLAGS: Flags = { cf: null, zf: null, sf: null, of: null };

/** Where the kernels keep the canary from %gs on (struct fixed_percpu_data). */
const GS_CANARY = 0x28n;

export class Cpu {
  readonly registers: Value[] = Array.from({ length: 16 }, () => unknownValue(8));
  flags: Flags = NO_FLAGS;
  rip = 0n;
  /** Why evaluation ended without a result. */
  stopped: Note | null = null;

  /** @param isCanary whether the canary lies at an address that is relative to %gs */
  constructor(
    readonly memory: CpuMemory,
    private readonly isCanary: (address: bigint) => boolean = () => false,
  ) {}

  /** Ends the evaluation: from here on nothing would be certain. */
  stop(reason: PlainNote | Note): null {
    this.stopped ??= typeof reason === 'string' ? { id: reason, facts: {} } : reason;
    return null;
  }

  register(number: number): Value {
    return this.registers[number] ?? unknownValue(8);
  }

  /** Without REX the byte registers 4 to 7 are AH to BH (SDM volume 2, 3.1.1.1). */
  readRegister(number: number, size: Size, rex: number): Value {
    if (size !== 1 || rex !== 0 || number < 4) return truncate(this.register(number), size);
    const { bits, unknown } = this.register(number - 4);
    return truncate({ bits: bits >> 8n, unknown: unknown >> 8n }, 1);
  }

  /** 32-bit results clear the upper half; 8 and 16 bits leave the rest as it is (SDM volume 1, 3.4.1.1). */
  writeRegister(number: number, size: Size, rex: number, value: Value): void {
    const high = size === 1 && rex === 0 && number >= 4;
    const target = high ? number - 4 : number;
    const plain = size >= 4 ? truncate(value, size) : insert(this.register(target), value, size, high ? 8n : 0n);
    this.registers[target] = plain;
  }

  /** The address of a memory operand, or null when it is not known. */
  address({ base, index, scale, displacement, ripRelative }: MemoryOperand, next: bigint): bigint | null {
    const part = (register: number): bigint | null => (register < 0 ? 0n : numberOf(this.register(register)));
    const [from, offset] = [part(base), part(index)];
    if (from === null || offset === null) return this.stop('address-unknown');
    const start = ripRelative ? next : from;
    return (start + offset * BigInt(scale) + displacement) & maskOf(8);
  }

  load(address: bigint, size: Size): Value | null {
    return this.memory.read(address, size) ?? this.stop('memory-unknown');
  }

  store(address: bigint, size: Size, value: Value): void {
    if (!this.memory.write(address, size, value)) this.stop('memory-foreign');
  }

  /** What ModRM's r/m names, or null. */
  readOperand(instruction: Instruction, size: Size): Value | null {
    const { memory, rm, rex, gs, length } = instruction;
    if (!memory) return this.readRegister(rm, size, rex);
    const address = this.address(memory, this.rip + BigInt(length));
    if (address === null) return null;
    if (!gs) return this.load(address, size);
    const plain = memory.base < 0 && memory.index < 0;
    const canary = memory.ripRelative ? this.isCanary(address) : plain && address === GS_CANARY;
    return canary && size === 8 ? CANARY : this.stop('per-cpu-data');
  }

  writeOperand(instruction: Instruction, size: Size, value: Value): void {
    const { memory, rm, rex, gs, length } = instruction;
    if (!memory) return this.writeRegister(rm, size, rex, value);
    const address = this.address(memory, this.rip + BigInt(length));
    if (gs) this.stop('per-cpu-data');
    else if (address !== null) this.store(address, size, value);
  }

  push(value: Value): void {
    const top = numberOf(this.register(RSP));
    if (top === null) return void this.stop('stack-unknown');
    const below = (top - 8n) & maskOf(8);
    this.registers[RSP] = known(below);
    this.store(below, 8, value);
  }

  pop(): Value | null {
    const top = numberOf(this.register(RSP));
    if (top === null) return this.stop('stack-unknown');
    this.registers[RSP] = known(top + 8n);
    return this.load(top, 8);
  }

  /** A condition by the low four bits of Jcc, SETcc and CMOVcc (SDM volume 1, appendix B); parity is not kept. */
  condition(code: number): boolean | null {
    const { cf, zf, sf, of } = this.flags;
    const less = sf === null || of === null ? null : sf !== of;
    const conditions: readonly Flag[] = [of, cf, zf, either(cf, zf), sf, null, less, either(zf, less)];
    const holds = conditions[(code >> 1) & 7] ?? null;
    if (holds === null) return this.stop('flag-unknown');
    return holds !== ((code & 1) === 1);
  }
}

function either(a: Flag, b: Flag): Flag {
  if (a === true || b === true) return true;
  return a === null || b === null ? null : false;
}

/** Zero and sign of a result; unknown bits leave unknown what depends on them. */
export function resultFlags({ bits, unknown }: Value, size: Size): Pick<Flags, 'zf' | 'sf'> {
  const sign = 1n << BigInt(bitsIn(size) - 1);
  const zf = unknown === 0n ? bits === 0n : (bits & ~unknown) !== 0n ? false : null;
  return { zf, sf: (unknown & sign) !== 0n ? null : (bits & sign) !== 0n };
}
