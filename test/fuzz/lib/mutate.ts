// Changes to bytes that know nothing of their format: some of everything, stacked, and pieces of two inputs.
import type { Random } from './random';
import type { Input } from './types';

/** Numbers near the borders of every width. */
const BORDERS = [
  0, 1, 2, 4, 8, 16, 64, 127, 128, 255, 256, 4096, 0x7fff, 0x8000, 0xff00, 0xfff1, 0xffff, 0x10000,
].concat([0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, 2 ** 32, 2 ** 40, 2 ** 53, 2 ** 63, 2 ** 64 - 4096]);

/** What to draw from: numbers and words of the code, and other inputs. */
export interface Material {
  readonly words: readonly Uint8Array[];
  readonly numbers: readonly number[];
  other(): Input;
}

/** One to sixteen changes. */
export function havoc(input: Input, random: Random, material: Material, longest: number): Input {
  let bytes: Input = Uint8Array.from(input);
  for (let left = 1 << random.below(5); left > 0; left--) bytes = change(bytes, random, material);
  return bytes.length > longest ? bytes.slice(0, longest) : bytes;
}

function change(bytes: Input, random: Random, material: Material): Input {
  const at = random.below(bytes.length + 1);
  switch (random.below(11)) {
    case 0:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 1:
      if (at < bytes.length) bytes[at] = random.below(256);
      return bytes;
    case 2:
      return writeNumber(bytes, at, random, random.oneIn(3) ? random.pick(material.numbers) : random.pick(BORDERS));
    case 3:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) + random.below(35) - 17;
      return bytes;
    case 4:
      return without(bytes, at, length(bytes, random));
    case 5: {
      const from = random.below(bytes.length);
      return insert(bytes, at, bytes.slice(from, from + length(bytes, random)));
    }
    case 6: {
      const from = random.below(bytes.length);
      return bytes.copyWithin(at, from, from + length(bytes, random));
    }
    case 7:
      return insert(bytes, at, new Uint8Array(length(bytes, random)).fill(random.oneIn(2) ? 0 : random.below(256)));
    case 8:
      return random.oneIn(2)
        ? insert(bytes, at, random.pick(material.words))
        : overwrite(bytes, at, random.pick(material.words));
    case 9: {
      const other = material.other();
      const from = random.below(other.length);
      return insert(bytes, at, other.slice(from, from + length(other, random)));
    }
    default: {
      // What comes before in this one, and behind in another.
      const other = material.other();
      return insert(bytes.slice(0, at), at, other.slice(Math.min(at, other.length)));
    }
  }
}

/** Mostly few, sometimes many. */
function length(bytes: Input, random: Random): number {
  return 1 + random.below(random.oneIn(8) ? bytes.length : Math.min(32, bytes.length));
}

function writeNumber(bytes: Input, at: number, random: Random, value: number): Input {
  const little = !random.oneIn(4);
  const width = 1 << random.below(4);
  let rest = BigInt(Math.min(value, Number.MAX_SAFE_INTEGER)) + BigInt(random.below(3) - 1);
  for (let i = 0; i < width && at + i < bytes.length; i++, rest >>= 8n)
    bytes[at + (little ? i : width - 1 - i)] = Number(rest & 0xffn);
  return bytes;
}

export function insert(bytes: Input, at: number, piece: Uint8Array): Input {
  const longer = new Uint8Array(bytes.length + piece.length);
  longer.set(bytes.subarray(0, at));
  longer.set(piece, at);
  longer.set(bytes.subarray(at), at + piece.length);
  return longer;
}

function overwrite(bytes: Input, at: number, piece: Uint8Array): Input {
  bytes.set(piece.subarray(0, Math.max(0, bytes.length - at)), at);
  return bytes;
}

function without(bytes: Input, at: number, count: number): Input {
  return insert(bytes.slice(0, at), at, bytes.slice(at + count));
}
