// One thread reads files while another looks at them. Looking at a plain module takes about as long as reading it, and
// code that only one thread runs has to be compiled and warmed up only once.
import { closeSync, openSync, readSync } from 'node:fs';
import { OPEN_FLAGS } from '../files';

/** Files on their way, and room for each. Larger ones are left to whoever looks at them. */
const SLOTS = 32;
const ROOM = 4 << 20;

/** Words of the shared state: files read, files given back, and who sleeps; behind them the length of each file. */
const READ = 0;
const GIVEN_BACK = 1;
const READER_SLEEPS = 2;
const TAKER_SLEEPS = 3;
const LENGTHS = 4;
/** Stands for the length of a file that is larger than a slot, empty, or could not be read. */
const NOT_HERE = -1;

export interface ReadAheadMemory {
  readonly state: SharedArrayBuffer;
  readonly slots: SharedArrayBuffer;
}

export function readAheadMemory(): ReadAheadMemory {
  return { state: new SharedArrayBuffer(4 * (LENGTHS + SLOTS)), slots: new SharedArrayBuffer(SLOTS * ROOM) };
}

/** Reads all files in turn; sleeps when every slot is taken, until half of them are free: waking costs more than reading. */
export function readAhead(files: readonly string[], memory: ReadAheadMemory): void {
  const state = new Int32Array(memory.state);
  const bytes = new Uint8Array(memory.slots);
  for (const [i, file] of files.entries()) {
    if (i - Atomics.load(state, GIVEN_BACK) >= SLOTS) sleepUntil(state, READER_SLEEPS, GIVEN_BACK, i - SLOTS / 2);
    const slot = i % SLOTS;
    state[LENGTHS + slot] = readInto(bytes.subarray(slot * ROOM, (slot + 1) * ROOM), file);
    Atomics.store(state, READ, i + 1);
    wake(state, TAKER_SLEEPS, READ, i + 1);
  }
}

/** The side that looks at the files. */
export class FilesAhead {
  private readonly state: Int32Array<SharedArrayBuffer>;
  private readonly bytes: Uint8Array<SharedArrayBuffer>;

  constructor(memory: ReadAheadMemory) {
    this.state = new Int32Array(memory.state);
    this.bytes = new Uint8Array(memory.slots);
  }

  /** The bytes of file number `i`, valid until it is given back; null when it has to be read by the caller. */
  take(i: number): Uint8Array | null {
    const { state } = this;
    if (Atomics.load(state, READ) <= i) sleepUntil(state, TAKER_SLEEPS, READ, i + 1);
    const slot = i % SLOTS;
    const length = state[LENGTHS + slot] ?? NOT_HERE;
    return length === NOT_HERE ? null : this.bytes.subarray(slot * ROOM, slot * ROOM + length);
  }

  giveBack(i: number): void {
    Atomics.store(this.state, GIVEN_BACK, i + 1);
    wake(this.state, READER_SLEEPS, GIVEN_BACK, i + 1);
  }
}

/** `sleeper` holds the count that is waited for, 0 when nobody sleeps. */
function sleepUntil(state: Int32Array<SharedArrayBuffer>, sleeper: number, counter: number, count: number): void {
  Atomics.store(state, sleeper, count);
  for (let seen = Atomics.load(state, counter); seen < count; seen = Atomics.load(state, counter))
    Atomics.wait(state, counter, seen);
  Atomics.store(state, sleeper, 0);
}

function wake(state: Int32Array<SharedArrayBuffer>, sleeper: number, counter: number, count: number): void {
  const wanted = Atomics.load(state, sleeper);
  if (wanted !== 0 && count >= wanted) Atomics.notify(state, counter);
}

/** Number of bytes, or {@link NOT_HERE}: too large, or not to be read, which the other side finds out again. */
function readInto(room: Uint8Array, file: string): number {
  try {
    const fd = openSync(file, OPEN_FLAGS);
    try {
      const length = readSync(fd, room, 0, room.length, 0);
      // Nothing comes from a pipe, and without end from a device.
      return length === 0 || length === room.length ? NOT_HERE : length;
    } finally {
      closeSync(fd);
    }
  } catch {
    return NOT_HERE;
  }
}
