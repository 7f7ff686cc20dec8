// The stack of relocations of early LoongArch compilers: each pushes a number, computes or writes one
// (arch/loongarch/kernel/module.c).
import { err } from '../../../findings/types';
import type { Errno } from '../../kernel/module/types';
import type { Relocation } from '../relocationEntry';
import { writeField } from './fields';
import { SOP, type RelocationRow } from './relocations';

/** RELA_STACK_DEPTH (asm/module.h) */
const DEPTH = 16;

/** The numbers of one relocation section, 64 bits with a sign. */
export class RelaStack {
  private readonly numbers: bigint[] = [];

  /** Refuses without a word where the stack is full. */
  push(entry: Relocation, value: bigint): Errno {
    if (this.numbers.length >= DEPTH) return entry.refuse('outside', []);
    this.numbers.push(BigInt.asIntN(64, value));
    return 0;
  }

  duplicate(entry: Relocation): Errno {
    const top = this.numbers.at(-1);
    return top === undefined ? entry.refuse('outside', []) : this.push(entry, top);
  }

  compute(entry: Relocation, type: number): Errno {
    const third = type === SOP.IF_ELSE ? this.numbers.pop() : 0n;
    const second = this.numbers.pop();
    const first = this.numbers.pop();
    if (first === undefined || second === undefined || third === undefined) return entry.refuse('outside', []);
    return this.push(entry, result(type, first, second, third));
  }

  /** Takes the number on top and writes it into the field, if it fits. */
  write(entry: Relocation, { type, field, bits, words, signed }: RelocationRow, unsupported: () => Errno): Errno {
    const value = this.numbers.pop();
    if (value === undefined) return entry.refuse('outside', []);
    if (bits === 0) return unsupported();
    const complain = (kind: 'overflow' | 'misaligned', what: string): Errno => {
      const number = BigInt.asUintN(64, value).toString(16);
      const text = `module ${entry.load.mod.name}: opr1 = 0x${number} ${what}! dangerous apply_r_larch_sop_imm_field (${type}) relocation`;
      return entry.refuse(kind, [err(`kmod: ${text}`)]);
    };
    if (words && value % 4n !== 0n) return complain('misaligned', 'unaligned');
    const cut = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
    if (cut !== value) return complain('overflow', 'overflow');
    writeField(entry.view, entry.at, field, Number(BigInt.asIntN(32, words ? value >> 2n : value)));
    return 0;
  }
}

function result(type: number, first: bigint, second: bigint, third: bigint): bigint {
  switch (type) {
    case SOP.SUB:
      return first - second;
    case SOP.ADD:
      return first + second;
    case SOP.AND:
      return first & second;
    // The machine looks at six bits of a distance.
    case SOP.SL:
      return first << BigInt.asUintN(6, second);
    case SOP.SR:
      return first >> BigInt.asUintN(6, second);
    default:
      return first !== 0n ? second : third;
  }
}
