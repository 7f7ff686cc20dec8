// The memory parameters live in: that of the module, and strings allocated while arguments are parsed.
import { toBytes } from '../../../formats/bytes/strings';
import type { ModuleMemory } from '../module/memory';
import type { ParamMemory } from './types';

const SLOT = 2048n;

/** @param base where kmalloc()ed strings lie */
export function paramMemory(memory: ModuleMemory, pointerSize: number, base: bigint): ParamMemory {
  const heap: string[] = [];
  return {
    pointerSize,
    read: (address, size) => memory.readUnsigned(address, size),
    write: (address, size, value) => memory.writeUnsigned(address, size, value),
    readString: address => {
      if (address >= base && (address - base) % SLOT === 0n) {
        const text = heap[Number((address - base) / SLOT)];
        if (text !== undefined) return text;
      }
      return memory.readString(address);
    },
    writeString: (address, text) => {
      const bytes = memory.view(address, text.length + 1);
      if (!bytes) return false;
      bytes.set(toBytes(text + '\0'));
      return true;
    },
    allocate: text => base + BigInt(heap.push(text) - 1) * SLOT,
  };
}
