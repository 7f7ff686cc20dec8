// One instruction whose opcode follows 0F (Intel SDM volume 2).
import { multiply } from './alu';
import { NO_FLAGS, type Cpu } from './cpu';
import { TWO_BYTE, type Instruction } from './decode';
import { jumpIf } from './jumps';
import { bitsIn, known, numberOf, signExtend, type Size } from './value';

const ENDBR64_REG = 7;

export function executeTwoByte(cpu: Cpu, instruction: Instruction, next: bigint): void {
  const opcode = instruction.opcode - TWO_BYTE;
  const { reg, rm, rex, size, repeat, memory, immediate } = instruction;
  if (opcode >= 0x80 && opcode <= 0x8f) return jumpIf(cpu, instruction, next);
  if (opcode >= 0x40 && opcode <= 0x4f) conditionalMove(cpu, instruction);
  else if (opcode >= 0x90 && opcode <= 0x9f) {
    const holds = cpu.condition(opcode & 15);
    if (holds !== null) cpu.writeOperand(instruction, 1, known(holds ? 1n : 0n));
  } else {
    switch (opcode) {
      case 0x1e:
        // With F3 it is ENDBR64, ENDBR32 or an instruction about shadow stacks; without, NOP.
        if (repeat !== 0 && (repeat !== 0xf3 || memory || reg !== ENDBR64_REG || (rm & ~1) !== 2))
          cpu.stop('instruction-unknown');
        break;
      case 0x1f:
        break;
      case 0xa3:
        testBit(cpu, instruction, numberOf(cpu.readRegister(reg, size, rex)));
        break;
      case 0xaf: {
        const operand = cpu.readOperand(instruction, size);
        if (!operand) return;
        const { value, flags } = multiply(cpu.readRegister(reg, size, rex), operand, size);
        cpu.flags = flags;
        cpu.writeRegister(reg, size, rex, value);
        break;
      }
      case 0xb6:
      case 0xb7:
      case 0xbe:
      case 0xbf:
        extend(cpu, instruction, opcode);
        break;
      case 0xba:
        if ((reg & 7) === 4) testBit(cpu, instruction, immediate);
        else cpu.stop('instruction-unknown');
        break;
      default:
        cpu.stop('instruction-unknown');
    }
  }
  cpu.rip = next;
}

/** CMOVcc reads its operand in any case, and clears the upper half of a 32-bit register even when it does not move. */
function conditionalMove(cpu: Cpu, instruction: Instruction): void {
  const { reg, rex, size, opcode } = instruction;
  const operand = cpu.readOperand(instruction, size);
  const holds = cpu.condition(opcode & 15);
  if (!operand || holds === null) return;
  cpu.writeRegister(reg, size, rex, holds ? operand : cpu.readRegister(reg, size, rex));
}

/** MOVZX and MOVSX */
function extend(cpu: Cpu, instruction: Instruction, opcode: number): void {
  const { reg, rex, size } = instruction;
  const from: Size = (opcode & 1) === 0 ? 1 : 2;
  const operand = cpu.readOperand(instruction, from);
  if (!operand) return;
  const value = opcode >= 0xbe && size > from ? signExtend(operand, from, size) : operand;
  cpu.writeRegister(reg, size, rex, value);
}

/** BT of a register. With a memory operand the bit may lie far from it. */
function testBit(cpu: Cpu, instruction: Instruction, index: bigint | null): void {
  const { memory, size } = instruction;
  const operand = memory ? null : cpu.readOperand(instruction, size);
  if (!operand || index === null) return void cpu.stop('bit-unknown');
  const at = index & BigInt(bitsIn(size) - 1);
  const cf = ((operand.unknown >> at) & 1n) === 1n ? null : ((operand.bits >> at) & 1n) === 1n;
  // ZF stays, the others are undefined.
  cpu.flags = { ...NO_FLAGS, zf: cpu.flags.zf, cf };
}
