// The format of test/kernel/recorded/RELEASE/memory.json: where a kernel put modules, and what it made of their bytes.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { recordedDir } from '../lib/paths';
import type { StoredSections } from '../lib/storedDumps';
import type { MemoryCase } from './plan';

export interface RecordedModule {
  readonly name: string;
  readonly sections: StoredSections;
  /** Where its per-cpu data begins, as relocations see it. */
  readonly percpu?: string;
}

export interface RecordedMemory extends MemoryCase {
  /** Every module of the case, in the order they were loaded. */
  readonly loaded: readonly RecordedModule[];
  /** Digests of the masked contents of the last one's sections, by section index. */
  readonly digests: Readonly<Record<string, string>>;
}

export interface MemoryRecording {
  /** Addresses of the kernel's own symbols that the modules use. */
  readonly symbols: Readonly<Record<string, string>>;
  readonly cases: readonly RecordedMemory[];
}

export function memoryFile(release: string): string {
  return path.join(recordedDir(release), 'memory.json');
}

/** Enough of a digest to tell contents apart. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12);
}
