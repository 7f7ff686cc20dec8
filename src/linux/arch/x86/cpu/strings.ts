// MOVS, CMPS, STOS and SCAS, alone and repeated (Intel SDM volume 2, REP). The direction flag is clear: so the ABI of
// the kernel has it. One step is run at a time, so that the limit on instructions holds here as well.
import { arithmetic, CMP } from './alu';
import { RAX, RCX, RDI, RSI, type Cpu } from './cpu';
import type { Instruction } from './decode';
import { known, maskOf, numberOf, type Size } from './value';

const MOVS = 0xa4;
const CMPS = 0xa6;
const STOS = 0xaa;

export function executeString(cpu: Cpu, instruction: Instruction, next: bigint): void {
  const { opcode, repeat, gs } = instruction;
  const size: Size = (opcode & 1) === 0 ? 1 : instruction.size;
  if (gs) return void cpu.stop('per-cpu-data');
  const count = repeat === 0 ? 1n : numberOf(cpu.register(RCX));
  if (count === null) return void cpu.stop('count-unknown');
  if (count === 0n) {
    cpu.rip = next;
    return;
  }
  const compares = step(cpu, opcode & ~1, size);
  if (repeat === 0) {
    cpu.rip = next;
    return;
  }
  cpu.registers[RCX] = known(count - 1n);
  if (!compares) return;
  const { zf } = cpu.flags;
  if (zf === null) cpu.stop('comparison-unknown');
  else if (zf !== (repeat === 0xf3)) cpu.rip = next;
}

/** One element; says whether it was compared. */
function step(cpu: Cpu, operation: number, size: Size): boolean {
  const advance = (register: number): bigint => {
    const address = numberOf(cpu.register(register));
    if (address === null) cpu.stop('address-unknown');
    cpu.registers[register] = known(((address ?? 0n) + BigInt(size)) & maskOf(8));
    return address ?? 0n;
  };
  if (operation === STOS) {
    cpu.store(advance(RDI), size, cpu.readRegister(RAX, size, 1));
    return false;
  }
  const from = operation === MOVS || operation === CMPS ? cpu.load(advance(RSI), size) : cpu.readRegister(RAX, size, 1);
  const to = advance(RDI);
  if (operation === MOVS) {
    if (from) cpu.store(to, size, from);
    return false;
  }
  const other = cpu.load(to, size);
  if (from && other) cpu.flags = arithmetic(CMP, from, other, size, null).flags;
  return true;
}
