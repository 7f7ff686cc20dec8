// Locks of the kernel around one evaluation: nobody else runs, so they only have to be taken and given back in turn.
import { returnedVoid, type FunctionCall, type KernelFunction } from './functionCall';
import type { Value } from './value';

export class KernelLocks {
  private readonly held = new Set<bigint>();
  private paramsHeld = true;

  /** @param module address of the module whose parameters are locked */
  constructor(private readonly module: bigint) {}

  readonly functions: readonly (readonly [string, KernelFunction])[] = [
    ['mutex_lock', call => this.lock(call)],
    ['mutex_unlock', call => this.unlock(call)],
    // kernel/params.c: parse_one() holds the lock of the module while it calls a set operation.
    ['kernel_param_unlock', call => this.unlockParams(call)],
    ['kernel_param_lock', call => this.lockParams(call)],
  ];

  /** Whether locks are as they were: what a function keeps locked is a state we do not keep. */
  settled(): boolean {
    return this.held.size === 0 && this.paramsHeld;
  }

  /** A mutex that is free has no owner, which is its first word. Taken twice it would never be had. */
  private lock(call: FunctionCall): Value | null {
    const mutex = call.pointer(0);
    const owner = mutex === null ? null : call.memory.read(mutex, 8);
    if (mutex === null || owner?.unknown !== 0n || owner.bits !== 0n || this.held.has(mutex)) return null;
    this.held.add(mutex);
    return returnedVoid;
  }

  private unlock(call: FunctionCall): Value | null {
    const mutex = call.pointer(0);
    return mutex !== null && this.held.delete(mutex) ? returnedVoid : null;
  }

  private unlockParams(call: FunctionCall): Value | null {
    if (!this.paramsHeld || call.pointer(0) !== this.module) return null;
    this.paramsHeld = false;
    return returnedVoid;
  }

  private lockParams(call: FunctionCall): Value | null {
    if (this.paramsHeld || call.pointer(0) !== this.module) return null;
    this.paramsHeld = true;
    return returnedVoid;
  }
}
