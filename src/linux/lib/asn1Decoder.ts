// asn1_ber_decoder() (lib/asn1_decoder.c): walks bytes along a grammar and calls actions as it goes, so that whatever
// an action objects to, or says, comes before the faults of what follows it.
import { EBADMSG, EMSGSIZE } from '../errno';

/** What an action is given: the value just read. */
export interface BerValue {
  /** The identifier byte; 0 at the end of a constructed value. */
  readonly tag: number;
  /** bytes of identifier and length */
  readonly header: number;
  /** Where the contents begin, in bytes from the start of the message. */
  readonly start: number;
  readonly length: number;
}

/** Answers 0, or the errno that ends the decoding. */
export type BerAction = (value: BerValue) => number;

/** One step of a grammar. */
export type BerStep =
  | {
      readonly kind: 'value';
      /** The identifier asked for; null takes any. A primitive one may stand for a constructed one, not the reverse. */
      readonly tag: number | null;
      /** May be missing. */
      readonly optional: boolean;
      /** Left out when the step before it matched: another choice of the same place. */
      readonly alternative: boolean;
      readonly action: BerAction | null;
      /** The grammar of the contents; null for a value that is not looked into. */
      readonly inside: BerInside | null;
    }
  | { readonly kind: 'action'; readonly action: BerAction; readonly ifMatched: boolean }
  /** One of the choices before must have matched. */
  | { readonly kind: 'chosen' };

export interface BerInside {
  readonly steps: readonly BerStep[];
  /** SET OF and SEQUENCE OF: the steps as often as there is something left, and at least once. */
  readonly repeated: boolean;
  /** Called at the end. */
  readonly action: BerAction | null;
  /** A rule of its own in the grammar: it counts as matched once it ends, whatever was skipped in it. */
  readonly rule: boolean;
}

const CONSTRUCTED = 0x20;
const LONG_TAG = 0x1f;
const INDEFINITE = 0x80;
const MOST = 65535;
/** NR_CONS_STACK */
const DEEPEST = 10;

/** @returns 0, or the errno of the first fault or objection. Never throws. */
export function decodeBer(bytes: Uint8Array, grammar: readonly BerStep[]): number {
  return bytes.length > MOST ? EMSGSIZE : new Decoder(bytes).run(grammar);
}

class Decoder {
  private at = 0;
  private end: number;
  private depth = 0;
  private matched = false;
  private lastMatched = false;
  private value: BerValue = { tag: 0, header: 0, start: 0, length: 0 };

  constructor(private readonly bytes: Uint8Array) {
    this.end = bytes.length;
  }

  run(steps: readonly BerStep[]): number {
    for (const step of steps) {
      const errno = this.step(step);
      if (errno !== 0) return errno;
    }
    return 0;
  }

  private step(step: BerStep): number {
    if (step.kind === 'chosen') return this.matched ? 0 : EBADMSG;
    if (step.kind === 'action') return step.ifMatched && !this.lastMatched ? 0 : step.action(this.value);
    if ((step.alternative && this.matched) || (step.optional && this.at === this.end)) {
      this.lastMatched = false;
      return 0;
    }
    this.matched = this.lastMatched = false;
    if (this.end - this.at < 2) return EBADMSG;
    const tag = this.bytes[this.at] ?? 0;
    if ((tag & LONG_TAG) === LONG_TAG) return EBADMSG;
    if (step.tag !== null && ((step.tag ^ tag) & ~(step.tag & CONSTRUCTED)) !== 0) return step.optional ? 0 : EBADMSG;
    this.at++;
    this.matched = true;
    const length = this.readLength(tag);
    if (length === null) return EBADMSG;
    return step.inside ? this.descend(step.inside, tag, length) : this.leaf(tag, length, step.action);
  }

  /** bytes of contents, or INDEFINITE_LENGTH; null when the length is none the kernel takes. */
  private readLength(tag: number): { header: number; length: number | null } | null {
    const first = this.bytes[this.at++] ?? 0;
    if (first === INDEFINITE) return tag & CONSTRUCTED && this.end - this.at >= 2 ? { header: 2, length: null } : null;
    const count = first > INDEFINITE ? first - INDEFINITE : 0;
    if (count > 2 || count > this.end - this.at) return null;
    let length = count === 0 ? first : 0;
    for (let i = 0; i < count; i++) length = length * 256 + (this.bytes[this.at++] ?? 0);
    return length > this.end - this.at ? null : { header: 2 + count, length };
  }

  private leaf(
    tag: number,
    { header, length }: { header: number; length: number | null },
    action: BerAction | null,
  ): number {
    const contents = length ?? this.indefiniteLength();
    if (contents === null) return EBADMSG;
    this.value = { tag, header, start: this.at, length: contents };
    const errno = action?.(this.value) ?? 0;
    this.at += contents;
    return errno;
  }

  private descend(
    { steps, repeated, action, rule }: BerInside,
    tag: number,
    { header, length }: { header: number; length: number | null },
  ): number {
    if (this.depth >= DEEPEST) return EBADMSG;
    this.depth++;
    const start = this.at;
    const outer = this.end;
    if (length !== null) this.end = start + length;
    this.value = { tag, header, start, length: length ?? INDEFINITE };
    do {
      const errno = this.run(steps);
      if (errno !== 0) return errno;
    } while (repeated && this.goesOn(length === null));
    const contents = this.close(start, length === null);
    if (contents === null) return EBADMSG;
    this.end = outer;
    this.depth--;
    this.value = { tag: this.value.tag, header, start, length: contents };
    const errno = action?.({ ...this.value, tag: 0 }) ?? 0;
    if (rule) this.matched = this.lastMatched = true;
    return errno;
  }

  private goesOn(indefinite: boolean): boolean {
    return indefinite ? this.end - this.at >= 2 && this.bytes[this.at] !== 0 : this.at < this.end;
  }

  /** The end of a constructed value: exactly where its length says, or two zeroes. Answers its size. */
  private close(start: number, indefinite: boolean): number | null {
    if (!indefinite) return this.at === this.end ? this.end - start : null;
    if (this.end - this.at < 2 || this.bytes[this.at] !== 0 || this.bytes[this.at + 1] !== 0) return null;
    this.at += 2;
    return this.at - start - 2;
  }

  /** asn1_find_indefinite_length(): to the zeroes that match, these included. */
  private indefiniteLength(): number | null {
    const { bytes, end } = this;
    let at = this.at;
    for (let level = 1; ;) {
      if (end - at < 2) return null;
      const tag = bytes[at++] ?? 0;
      if (tag === 0) {
        if (bytes[at++] !== 0) return null;
        if (--level === 0) return at - this.at;
        continue;
      }
      if ((tag & LONG_TAG) === LONG_TAG) {
        let more = INDEFINITE;
        while (more & INDEFINITE) {
          if (end - at < 2) return null;
          more = bytes[at++] ?? 0;
        }
      }
      const first = bytes[at++] ?? 0;
      if (first === INDEFINITE) {
        if (!(tag & CONSTRUCTED)) return null;
        level++;
        continue;
      }
      const count = first > INDEFINITE ? first - INDEFINITE : 0;
      if (count > 7 || count > end - at) return null;
      let length = count === 0 ? first : 0;
      for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] ?? 0);
      if (length > end - at) return null;
      at += length;
    }
  }
}
