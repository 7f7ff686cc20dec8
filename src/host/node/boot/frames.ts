// Takes apart what the machine writes to its console: frames of the init, and between them lines of the kernel.
import { ByteReader } from '../../../formats/bytes/byteReader';
import { byteString, toBytes } from '../../../formats/bytes/strings';
import { FRAME } from './plan';

export interface FrameListener {
  /** Begin of a step, by its number. */
  readonly begin: (step: number) => void;
  /** Result of a step: negative errno, or 0. */
  readonly result: (step: number, value: number) => void;
  /** A part of what was read, as a byte string. `value` is its length, or what the last read returned instead. */
  readonly data: (key: string, text: string, value: number) => void;
  /** The init has done everything. */
  readonly end: () => void;
  /** A line that the kernel wrote to the console. */
  readonly line: (text: string) => void;
}

export class Frames {
  private waiting = '';
  private held = '';

  /** @param mark the bytes that begin every header; they are random, so that no other output contains them */
  constructor(
    private readonly mark: string,
    private readonly elf: { readonly bits: 32 | 64; readonly littleEndian: boolean },
    private readonly listener: FrameListener,
  ) {}

  /** Takes bytes as they come. */
  push(chunk: Uint8Array): void {
    const text = this.held + byteString(chunk, 0, chunk.length);
    // The second half of a line's end may be on its way.
    this.held = text.endsWith('\r') ? '\r' : '';
    // The terminal of the machine writes \r\n for every \n and changes nothing else (ONLCR).
    this.waiting += text.slice(0, text.length - this.held.length).replaceAll('\r\n', '\n');
    while (this.takeOne());
  }

  /** The machine has ended: reports a last line that has no newline. */
  finish(): void {
    if (this.waiting !== '' && !this.waiting.includes(this.mark)) this.listener.line(this.waiting + this.held);
    this.waiting = this.held = '';
  }

  private takeOne(): boolean {
    const at = this.waiting.indexOf(this.mark);
    if (at !== 0) return this.takeLine(at < 0 ? this.waiting.length : at, at > 0);
    const newline = this.waiting.indexOf('\n');
    const word = this.elf.bits / 8;
    const start = newline + 1 + word;
    if (newline < 0 || this.waiting.length < start) return false;
    const kind = this.waiting[this.mark.length];
    const key = this.waiting.slice(this.mark.length + 1, newline);
    const value = this.valueOf(this.waiting.slice(newline + 1, start));
    const length = kind === FRAME.data ? Math.max(0, value) : 0;
    if (this.waiting.length < start + length) return false;
    const data = this.waiting.slice(start, start + length);
    this.waiting = this.waiting.slice(start + length);
    if (kind === FRAME.begin) this.listener.begin(Number(key));
    else if (kind === FRAME.result) this.listener.result(Number(key), value);
    else if (kind === FRAME.data) this.listener.data(key, data, value);
    else if (kind === FRAME.end) this.listener.end();
    return true;
  }

  /** A line of the kernel that ends before `limit`; one that a frame interrupts counts as whole. */
  private takeLine(limit: number, isCut: boolean): boolean {
    const newline = this.waiting.indexOf('\n');
    const isWhole = newline >= 0 && newline < limit;
    if (!isWhole && !isCut) return false;
    const end = isWhole ? newline : limit;
    const line = this.waiting.slice(0, end);
    this.waiting = this.waiting.slice(isWhole ? end + 1 : end);
    if (line !== '') this.listener.line(line);
    return true;
  }

  private valueOf(bytes: string): number {
    const reader = new ByteReader(toBytes(bytes), this.elf.littleEndian);
    return this.elf.bits === 32 ? reader.i32(0) : Number(reader.i64(0));
  }
}
