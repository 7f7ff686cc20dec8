// Where evaluation goes on: conditional jumps, returns, jumps to what a register or memory holds.
import type { Cpu } from './cpu';
import type { Instruction } from './decode';
import { maskOf, numberOf, type Value } from './value';

export function jumpIf(cpu: Cpu, { opcode, immediate }: Instruction, next: bigint): void {
  const taken = cpu.condition(opcode & 15);
  if (taken !== null) cpu.rip = taken ? (next + immediate) & maskOf(8) : next;
}

/** Returns to wherever the stack says. */
export function ret(cpu: Cpu): void {
  const value = cpu.pop();
  if (value) jumpTo(cpu, value);
}

export function jumpTo(cpu: Cpu, target: Value): void {
  const address = numberOf(target);
  if (address === null) cpu.stop('jump-unknown');
  else cpu.rip = address;
}
