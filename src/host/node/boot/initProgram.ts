// The init of the virtual machine: an ELF file made here, whose few instructions run a table of system calls.
import type { BootMachine, CallName } from './machines';

/** An argument of a system call: a number, bytes that the file holds (a string has a char for each), or a place. */
export type CallArgument = number | string | Uint8Array | typeof BUFFER | typeof SLOT | typeof LAST;

/** Address of the buffer that files are read into. */
export const BUFFER = Symbol('buffer');
/** Address of the word that holds the last result. */
export const SLOT = Symbol('slot');
/** The last result itself; only as the third argument. */
export const LAST = Symbol('last');

export interface Call {
  readonly name: CallName;
  /** Up to five. */
  readonly args: readonly CallArgument[];
  /** Whether the last result is to stay what it was. */
  readonly keep?: boolean;
  /** Goes back to the call that many before this one while the last result is positive. */
  readonly back?: number;
}

// Addresses that the machine code knows (test/host/node/boot/init/).
const BASE = 0x400000;
const CODE_AT = 0x80;
const SLOT_AT = 0x700;
const RECORDS_AT = 0x800;
/** Words of a record: number of the call, five arguments, one unused, and flags. */
const WORDS = 8;
const FLAGS = 7;
const KEEP = 1;
const PAGE = 4096;

/** Bytes read at once. A page of seq_file or a record of /dev/kmsg (8 KiB at most) always fits. */
export const BUFFER_SIZE = 1 << 16;

/** The bytes of an init that makes these calls in this order. The last one must not return. */
export function initProgram(machine: BootMachine, calls: readonly Call[]): Uint8Array {
  const { bits, littleEndian } = machine.elf;
  const word = bits / 8;
  const texts = new Texts(RECORDS_AT + calls.length * WORDS * word);
  const words = calls.map(call => recordOf(machine, call, texts));
  const bufferAt = Math.ceil(texts.end / PAGE) * PAGE;
  const file = new Uint8Array(texts.end);
  const view = new DataView(file.buffer);
  const put = (at: number, value: number): void => {
    if (word === 4) view.setUint32(at, value >>> 0, littleEndian);
    else view.setBigInt64(at, BigInt(value), littleEndian);
  };
  writeHeader(view, machine, file.length, bufferAt + BUFFER_SIZE);
  file.set(Buffer.from(machine.code, 'hex'), CODE_AT);
  for (const [i, record] of words.entries())
    for (const [j, value] of record.entries())
      put(RECORDS_AT + (i * WORDS + j) * word, value === BUFFER ? BASE + bufferAt : value);
  texts.writeTo(file);
  return file;
}

function recordOf(
  { calls, elf }: BootMachine,
  { name, args, keep = false, back = 0 }: Call,
  texts: Texts,
): (number | typeof BUFFER)[] {
  const record: (number | typeof BUFFER)[] = new Array<number>(WORDS).fill(0);
  record[0] = calls[name];
  for (const [i, arg] of args.entries())
    record[i + 1] = typeof arg === 'object' || typeof arg === 'string' ? texts.put(arg) : placeOf(arg);
  record[FLAGS] = (back > 0 ? (back + 1) * WORDS * (elf.bits / 8) : 0) + (keep ? KEEP : 0);
  return record;
}

function placeOf(arg: number | typeof BUFFER | typeof SLOT | typeof LAST): number | typeof BUFFER {
  if (arg === SLOT) return BASE + SLOT_AT;
  return arg === LAST ? -1 : arg;
}

/** Texts behind the records; equal ones stand once. */
class Texts {
  end: number;
  private readonly known = new Map<string, number>();
  private readonly parts: (readonly [at: number, bytes: Uint8Array])[] = [];

  constructor(start: number) {
    this.end = start;
  }

  /** @returns address in the running program */
  put(text: string | Uint8Array): number {
    const known = typeof text === 'string' ? this.known.get(text) : undefined;
    if (known !== undefined) return known;
    const at = this.end;
    const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
    this.parts.push([at, bytes]);
    this.end += bytes.length + 1;
    if (typeof text === 'string') this.known.set(text, BASE + at);
    return BASE + at;
  }

  writeTo(file: Uint8Array): void {
    for (const [at, bytes] of this.parts) file.set(bytes, at);
  }
}

/** An ELF header and one PT_LOAD with the whole file, readable, writable and executable. Sizes in bytes. */
function writeHeader(view: DataView, { elf }: BootMachine, fileSize: number, memorySize: number): void {
  const { bits, littleEndian: little, machine, flags } = elf;
  const is64 = bits === 64;
  const [headerSize, phdrSize] = is64 ? [64, 56] : [52, 32];
  view.setUint32(0, 0x7f454c46);
  view.setUint8(4, is64 ? 2 : 1);
  view.setUint8(5, little ? 1 : 2);
  view.setUint8(6, 1);
  view.setUint16(16, 2, little);
  view.setUint16(18, machine, little);
  view.setUint32(20, 1, little);
  let at = 24;
  const address = (value: number): void => {
    if (is64) view.setBigUint64(at, BigInt(value), little);
    else view.setUint32(at, value, little);
    at += is64 ? 8 : 4;
  };
  const half = (value: number): void => {
    view.setUint16(at, value, little);
    at += 2;
  };
  const long = (value: number): void => {
    view.setUint32(at, value, little);
    at += 4;
  };
  address(BASE + CODE_AT);
  address(headerSize);
  address(0);
  long(flags);
  for (const value of [headerSize, phdrSize, 1]) half(value);
  at = headerSize;
  const READ_WRITE_EXECUTE = 7;
  long(1);
  if (is64) long(READ_WRITE_EXECUTE);
  for (const value of [0, BASE, BASE, fileSize, memorySize]) address(value);
  if (!is64) long(READ_WRITE_EXECUTE);
  address(PAGE);
}
