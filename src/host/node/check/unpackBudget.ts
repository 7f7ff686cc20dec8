// How much a check may unpack in all: each file alone is bounded by its size, and there may be very many small ones.
import { note } from '../../../findings/notes';
import { compressionOf } from '../../../formats/bytes/packed';
import { unpackModule } from '../decompress';
import { InputError } from '../files';

/** Several times what the modules of a distribution take with their debug information. In bytes. */
export const MOST_UNPACKED = 16 * 2 ** 30;

/** As it is sent to every thread: all of them draw on one budget. */
export interface UnpackBudget {
  /** Kilobytes that were unpacked, in memory that threads share. */
  readonly spent: Int32Array;
  /** In bytes. */
  readonly most: number;
}

const UNIT = 1024;

export function newUnpackBudget(most = MOST_UNPACKED): UnpackBudget {
  return { spent: new Int32Array(new SharedArrayBuffer(4)), most };
}

/** Counts a file that became `bytes` bytes. */
export function spend({ spent }: UnpackBudget, bytes: number): void {
  Atomics.add(spent, 0, Math.ceil(bytes / UNIT));
}

export function isSpent({ spent, most }: UnpackBudget): boolean {
  return Atomics.load(spent, 0) * UNIT > most;
}

/** As unpackModule(), but throws InputError, too, where nothing more may be unpacked. A plain file costs nothing. */
export async function unpackWithin(budget: UnpackBudget, path: string, packed: Uint8Array): Promise<Uint8Array> {
  if (compressionOf(packed) === 'none') return packed;
  if (isSpent(budget)) throw new InputError(path, note('run-unpacks-to-more', { bytes: budget.most }));
  const file = await unpackModule(path, packed);
  spend(budget, file.length);
  return file;
}
