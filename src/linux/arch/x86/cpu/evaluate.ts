// Evaluates one function, from its first instruction to its return. It is total and bounded: it ends with what the
// function returns and leaves behind, or with the reason why that cannot be known.
import { note, type Note, type PlainNote } from '../../../../findings/notes';
import { Cpu, NO_FLAGS, RAX, RCX, RDI, RDX, RSI, RSP } from './cpu';
import { decode, LONGEST } from './decode';
import { execute } from './execute';
import { FunctionCall, type KernelFunction } from './functionCall';
import { ret } from './jumps';
import type { CpuMemory } from './memory';
import { known, numberOf, truncate, unknownValue } from './value';

/** The kernel around the function. */
export interface Surroundings {
  /** Names of what lies at an address outside of the module. */
  symbolsAt(address: bigint): readonly string[];
  readonly functions: ReadonlyMap<string, KernelFunction>;
  /** Instructions that the kernel may have patched since: static keys, alternatives. */
  readonly patched: ReadonlySet<bigint>;
}

export type Evaluation =
  | {
      readonly kind: 'returned';
      /** EAX as an int */
      readonly result: number;
      /** Bytes written to memory that is kept. */
      readonly changes: ReadonlyMap<bigint, number>;
    }
  | { readonly kind: 'unknown'; readonly reason: Note };

const MOST_STEPS = 20_000;
/** Where evaluation began: nothing lies there. */
const CALLER = 0xffff_ffff_ffff_f000n;
/** A kernel stack in the vmalloc area, aligned as the ABI has it before a call. */
const STACK = 0xffff_c900_0040_0000n;
const STACK_SIZE = 8192;

/** Calls the function at `start` with two arguments. */
export function evaluate(
  memory: CpuMemory,
  surroundings: Surroundings,
  start: bigint,
  first: bigint,
  second: bigint,
): Evaluation {
  memory.add({
    base: STACK - BigInt(STACK_SIZE),
    length: STACK_SIZE,
    bytes: null,
    writable: true,
    executable: false,
    kept: false,
  });
  const cpu = new Cpu(memory, address => surroundings.symbolsAt(address).includes('__ref_stack_chk_guard'));
  cpu.registers[RDI] = known(first);
  cpu.registers[RSI] = known(second);
  cpu.registers[RSP] = known(STACK);
  cpu.push(known(CALLER));
  cpu.rip = start;
  for (let steps = 0; cpu.stopped === null; steps++) {
    if (cpu.rip === CALLER) return outcome(cpu);
    if (steps === MOST_STEPS) cpu.stop('runs-long');
    else if (memory.isCode(cpu.rip)) stepOnce(cpu, surroundings);
    else callKernel(cpu, surroundings);
  }
  return { kind: 'unknown', reason: cpu.stopped };
}

function outcome(cpu: Cpu): Evaluation {
  const unknown = (id: PlainNote): Evaluation => ({ kind: 'unknown', reason: { id, facts: {} } });
  const result = numberOf(truncate(cpu.register(RAX), 4));
  if (numberOf(cpu.register(RSP)) !== STACK) return unknown('stack-order');
  if (result === null) return unknown('result-unknown');
  const changes = cpu.memory.changes();
  if (changes === null) return unknown('stores-unknown');
  return { kind: 'returned', result: Number(BigInt.asIntN(32, result)), changes };
}

function stepOnce(cpu: Cpu, { patched }: Surroundings): void {
  if (patched.has(cpu.rip)) return void cpu.stop('instruction-patched');
  const code = cpu.memory.code(cpu.rip, LONGEST);
  const instruction = code && decode(code);
  if (instruction) execute(cpu, instruction);
  else cpu.stop('instruction-unknown');
}

const REGISTERS = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
const INDIRECT = '__x86_indirect_thunk_';
/** Registers a function need not preserve (System V ABI for AMD64, 3.2.1). */
const CLOBBERED = [RCX, RDX, RSI, RDI, 8, 9, 10, 11];

/** RIP left the module: for a function of the kernel, or one of the thunks that stand for an instruction. */
function callKernel(cpu: Cpu, { symbolsAt, functions }: Surroundings): void {
  const names = symbolsAt(cpu.rip);
  // A thunk for RET does what RET does, and the call to __fentry__ is a NOP while nobody traces the function.
  if (names.includes('__x86_return_thunk') || names.includes('__fentry__')) return ret(cpu);
  const register = names.map(name => (name.startsWith(INDIRECT) ? REGISTERS.indexOf(name.slice(INDIRECT.length)) : -1));
  const thunk = register.find(number => number >= 0);
  if (thunk !== undefined) {
    const target = numberOf(cpu.register(thunk));
    if (target === null) cpu.stop('jump-unknown');
    else cpu.rip = target;
    return;
  }
  const body = names.map(name => functions.get(name)).find(found => found !== undefined);
  const result =
    body?.(new FunctionCall(cpu)) ??
    cpu.stop(names[0] === undefined ? 'calls-outside' : note('calls', { function: names[0] }));
  if (!result) return;
  cpu.registers[RAX] = result;
  for (const clobbered of CLOBBERED) cpu.registers[clobbered] = unknownValue(8);
  cpu.flags = NO_FLAGS;
  ret(cpu);
}
