// One instruction with a one-byte opcode (Intel SDM volume 2). What is not known exactly stops the machine.
import { AND, step } from './alu';
import { RAX, RSP, type Cpu } from './cpu';
import { TWO_BYTE, type Instruction } from './decode';
import {
  arithmeticForms,
  combine,
  constant,
  group1,
  group3,
  multiplyBy,
  shiftForms,
  sizeOf,
  spreadSign,
  test,
} from './executeArithmetic';
import { executeTwoByte } from './executeTwoByte';
import { jumpIf, jumpTo, ret } from './jumps';
import { executeString } from './strings';
import { known, maskOf, signExtend, type Size } from './value';

/** Runs an instruction and leaves RIP behind it or where it jumps. */
export function execute(cpu: Cpu, instruction: Instruction): void {
  const { opcode, length } = instruction;
  const next = cpu.rip + BigInt(length);
  if (opcode >= TWO_BYTE) executeTwoByte(cpu, instruction, next);
  else if (opcode < 0x40) arithmeticForms(cpu, instruction, next);
  else if (opcode >= 0x70 && opcode <= 0x7f) jumpIf(cpu, instruction, next);
  else executeOneByte(cpu, instruction, next);
}

function executeOneByte(cpu: Cpu, instruction: Instruction, next: bigint): void {
  const { opcode, reg, rex, immediate, size, memory } = instruction;
  const low = (opcode & 7) | (rex & 1 ? 8 : 0);
  if (opcode >= 0x50 && opcode <= 0x57) cpu.push(cpu.register(low));
  else if (opcode >= 0x58 && opcode <= 0x5f) popRegister(cpu, low);
  else if (opcode >= 0xb0 && opcode <= 0xb7) cpu.writeRegister(low, 1, rex, constant(immediate, 1));
  else if (opcode >= 0xb8 && opcode <= 0xbf) cpu.writeRegister(low, size, rex, constant(immediate, size));
  else if (opcode >= 0x90 && opcode <= 0x97) exchangeAccumulator(cpu, instruction, low);
  else if (isString(opcode)) {
    executeString(cpu, instruction, next);
    return;
  } else {
    switch (opcode) {
      case 0x63:
        loadExtended(cpu, instruction);
        break;
      case 0x68:
      case 0x6a:
        cpu.push(constant(immediate, 8));
        break;
      case 0x69:
      case 0x6b:
        multiplyBy(cpu, instruction);
        break;
      case 0x80:
      case 0x81:
      case 0x83:
        group1(cpu, instruction);
        break;
      case 0x84:
      case 0x85:
        test(cpu, instruction);
        break;
      case 0x86:
      case 0x87:
        exchange(cpu, instruction);
        break;
      case 0x88:
      case 0x89:
        cpu.writeOperand(instruction, sizeOf(instruction), cpu.readRegister(reg, sizeOf(instruction), rex));
        break;
      case 0x8a:
      case 0x8b: {
        const value = cpu.readOperand(instruction, sizeOf(instruction));
        if (value) cpu.writeRegister(reg, sizeOf(instruction), rex, value);
        break;
      }
      case 0x8d: {
        const address = memory ? cpu.address(memory, next) : cpu.stop('lea-register');
        if (address !== null) cpu.writeRegister(reg, size, rex, known(address, size));
        break;
      }
      case 0x98: {
        const half: Size = size === 8 ? 4 : size === 4 ? 2 : 1;
        cpu.writeRegister(RAX, size, 1, signExtend(cpu.readRegister(RAX, half, 1), half, size));
        break;
      }
      case 0x99:
        spreadSign(cpu, size);
        break;
      case 0xa8:
      case 0xa9: {
        const width = sizeOf(instruction);
        combine(cpu, AND, cpu.readRegister(RAX, width, 1), constant(immediate, width), width);
        break;
      }
      case 0xc0:
      case 0xc1:
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        shiftForms(cpu, instruction);
        break;
      case 0xc3:
        ret(cpu);
        return;
      case 0xc6:
      case 0xc7:
        if ((reg & 7) !== 0) cpu.stop('instruction-unknown');
        else cpu.writeOperand(instruction, sizeOf(instruction), constant(immediate, sizeOf(instruction)));
        break;
      case 0xc9:
        cpu.registers[RSP] = cpu.register(5);
        popRegister(cpu, 5);
        break;
      case 0xe8:
        cpu.push(known(next));
        cpu.rip = (next + immediate) & maskOf(8);
        return;
      case 0xe9:
      case 0xeb:
        cpu.rip = (next + immediate) & maskOf(8);
        return;
      case 0xf6:
      case 0xf7:
        group3(cpu, instruction);
        break;
      case 0xfe:
      case 0xff:
        if (group5(cpu, instruction, next)) return;
        break;
      default:
        cpu.stop('instruction-unknown');
    }
  }
  cpu.rip = next;
}

/** MOVS, CMPS, STOS and SCAS */
function isString(opcode: number): boolean {
  return (opcode >= 0xa4 && opcode <= 0xa7) || (opcode >= 0xaa && opcode <= 0xaf);
}

function popRegister(cpu: Cpu, register: number): void {
  const value = cpu.pop();
  if (value) cpu.registers[register] = value;
}

/** MOVSXD */
function loadExtended(cpu: Cpu, instruction: Instruction): void {
  const value = cpu.readOperand(instruction, 4);
  if (instruction.size === 2) cpu.stop('instruction-unknown');
  else if (value) cpu.writeRegister(instruction.reg, instruction.size, instruction.rex, signExtend(value, 4, 8));
}

function exchange(cpu: Cpu, instruction: Instruction): void {
  const size = sizeOf(instruction);
  const operand = cpu.readOperand(instruction, size);
  if (!operand) return;
  const register = cpu.readRegister(instruction.reg, size, instruction.rex);
  // The operand first: its address may be made of the register.
  cpu.writeOperand(instruction, size, register);
  cpu.writeRegister(instruction.reg, size, instruction.rex, operand);
}

/** XCHG of RAX and another register; of RAX and itself it is NOP, and clears nothing. */
function exchangeAccumulator(cpu: Cpu, { size, rex }: Instruction, other: number): void {
  if (other === RAX) return;
  const accumulator = cpu.readRegister(RAX, size, rex);
  cpu.writeRegister(RAX, size, rex, cpu.readRegister(other, size, rex));
  cpu.writeRegister(other, size, rex, accumulator);
}

/** INC, DEC, and for words CALL, JMP and PUSH; says whether it jumped. */
function group5(cpu: Cpu, instruction: Instruction, next: bigint): boolean {
  const operation = instruction.reg & 7;
  const size = sizeOf(instruction);
  if (operation < 2) {
    const operand = cpu.readOperand(instruction, size);
    if (!operand) return true;
    const { value, flags } = step(operand, size, operation === 0, cpu.flags);
    cpu.flags = flags;
    cpu.writeOperand(instruction, size, value);
    return false;
  }
  const target = size !== 1 && instruction.size !== 2 && (operation === 2 || operation === 4 || operation === 6);
  const operand = target ? cpu.readOperand(instruction, 8) : cpu.stop('instruction-unknown');
  if (!operand) return true;
  if (operation === 2) cpu.push(known(next));
  if (operation === 6) cpu.push(operand);
  else jumpTo(cpu, operand);
  return operation !== 6;
}
