// Instructions that calculate, with their operands (Intel SDM volume 2).
import { AND, arithmetic, CMP, divide, multiply, multiplyWide, negate, SBB, shift, SUB, XOR } from './alu';
import { NO_FLAGS, RAX, RCX, RDX, type Cpu } from './cpu';
import type { Instruction } from './decode';
import { bitsIn, known, maskOf, numberOf, truncate, type Size, type Value } from './value';

/** The size of an instruction whose even opcode is about bytes. */
export function sizeOf({ opcode, size }: Instruction): Size {
  return (opcode & 1) === 0 ? 1 : size;
}

export function constant(immediate: bigint, size: Size): Value {
  return known(BigInt.asUintN(64, immediate), size);
}

/** 00 to 3F: r/m with register, register with r/m, accumulator with immediate. */
export function arithmeticForms(cpu: Cpu, instruction: Instruction, next: bigint): void {
  const { opcode, reg, rm, memory, rex, immediate } = instruction;
  const size = sizeOf(instruction);
  const operation = opcode >> 3;
  const form = opcode & 7;
  if (form >= 4) {
    const a = cpu.readRegister(RAX, size, 1);
    const value = combine(cpu, operation, a, constant(immediate, size), size);
    if (operation !== CMP) cpu.writeRegister(RAX, size, 1, value);
  } else {
    const operand = cpu.readOperand(instruction, size);
    if (!operand) return;
    const register = cpu.readRegister(reg, size, rex);
    const toRegister = form >= 2;
    const [a, b] = toRegister ? [register, operand] : [operand, register];
    const value = !memory && reg === rm ? withItself(cpu, operation, a, size) : combine(cpu, operation, a, b, size);
    if (operation !== CMP && toRegister) cpu.writeRegister(reg, size, rex, value);
    else if (operation !== CMP) cpu.writeOperand(instruction, size, value);
  }
  cpu.rip = next;
}

/** What a register and itself give may be known although the register is not: XOR and SUB clear, SBB spreads the carry. */
function withItself(cpu: Cpu, operation: number, a: Value, size: Size): Value {
  const clears = operation === XOR || operation === SUB || operation === SBB || operation === CMP;
  const same = clears ? known(0n) : a;
  return combine(cpu, operation, same, same, size);
}

export function combine(cpu: Cpu, operation: number, a: Value, b: Value, size: Size): Value {
  const { value, flags } = arithmetic(operation, a, b, size, cpu.flags.cf);
  cpu.flags = flags;
  return value;
}

export function group1(cpu: Cpu, instruction: Instruction): void {
  const size = sizeOf(instruction);
  const operand = cpu.readOperand(instruction, size);
  if (!operand) return;
  const operation = instruction.reg & 7;
  const value = combine(cpu, operation, operand, constant(instruction.immediate, size), size);
  if (operation !== CMP) cpu.writeOperand(instruction, size, value);
}

export function test(cpu: Cpu, instruction: Instruction): void {
  const size = sizeOf(instruction);
  const operand = cpu.readOperand(instruction, size);
  if (operand) combine(cpu, AND, operand, cpu.readRegister(instruction.reg, size, instruction.rex), size);
}

export function multiplyBy(cpu: Cpu, instruction: Instruction): void {
  const { size, reg, rex, immediate } = instruction;
  const operand = cpu.readOperand(instruction, size);
  if (!operand) return;
  const { value, flags } = multiply(operand, constant(immediate, size), size);
  cpu.flags = flags;
  cpu.writeRegister(reg, size, rex, value);
}

export function shiftForms(cpu: Cpu, instruction: Instruction): void {
  const { opcode, immediate, reg } = instruction;
  const size = sizeOf(instruction);
  const operand = cpu.readOperand(instruction, size);
  if (!operand) return;
  const byRegister = opcode >= 0xd2;
  const count = opcode < 0xd0 ? immediate & 0xffn : byRegister ? numberOf(cpu.readRegister(RCX, 1, 1)) : 1n;
  const outcome = count === null ? null : shift(reg & 7, operand, count, size, cpu.flags);
  if (!outcome) return void cpu.stop('shift-unknown');
  cpu.flags = outcome.flags;
  cpu.writeOperand(instruction, size, outcome.value);
}

/** TEST, NOT, NEG, MUL, IMUL, DIV, IDIV */
export function group3(cpu: Cpu, instruction: Instruction): void {
  const size = sizeOf(instruction);
  const operand = cpu.readOperand(instruction, size);
  if (!operand) return;
  const operation = instruction.reg & 7;
  if (operation < 2) combine(cpu, AND, operand, constant(instruction.immediate, size), size);
  else if (operation === 2) {
    const flags = cpu.flags;
    cpu.writeOperand(instruction, size, arithmetic(XOR, operand, known(maskOf(size)), size, null).value);
    cpu.flags = flags;
  } else if (operation === 3) {
    const { value, flags } = negate(operand, size);
    cpu.flags = flags;
    cpu.writeOperand(instruction, size, value);
  } else wideArithmetic(cpu, operation, operand, size);
}

function wideArithmetic(cpu: Cpu, operation: number, operand: Value, size: Size): void {
  // Of bytes the result is in AX alone, which no compiler writes into such code.
  if (size === 1) return void cpu.stop('instruction-unknown');
  const signed = (operation & 1) === 1;
  const rax = cpu.readRegister(RAX, size, 1);
  if (operation < 6) {
    const [low, high, flags] = multiplyWide(rax, operand, size, signed);
    cpu.writeRegister(RAX, size, 1, low);
    cpu.writeRegister(RDX, size, 1, high);
    cpu.flags = flags;
    return;
  }
  const divided = divide(cpu.register(RDX), rax, operand, size, signed);
  if (!divided) return void cpu.stop('division-unknown');
  cpu.writeRegister(RAX, size, 1, divided[0]);
  cpu.writeRegister(RDX, size, 1, divided[1]);
  cpu.flags = NO_FLAGS;
}

/** CWD, CDQ and CQO */
export function spreadSign(cpu: Cpu, size: Size): void {
  const { bits, unknown } = cpu.readRegister(RAX, size, 1);
  const sign = (part: bigint): bigint => BigInt.asUintN(64, BigInt.asIntN(bitsIn(size), part) >> 63n);
  cpu.writeRegister(RDX, size, 1, truncate({ bits: sign(bits), unknown: sign(unknown) }, size));
}
