// Names chosen to have the same hash, to slow a table down.
import { FNV_OFFSET, FNV_PRIME } from '../../src/formats/bytes/hash';

/** Names of one length that the four-bytes-at-a-time hash of SymbolNames does not tell apart; `count` is a power of two. */
export function collidingWords(count: number): string[] {
  // The highest bit of a word stays where it is when it is multiplied by an odd number, and the next word takes it back.
  const blocks = ['aaaaaaaa', `aaa\xe1aa${String.fromCharCode(0x61 ^ 1)}\xe1`] as const;
  return combined(count, () => blocks);
}

/** Names of which the hash of Module.symvers agrees in the bits that choose a bucket; `count` is a power of two. */
export function collidingNames(count: number): string[] {
  let state = FNV_OFFSET & MASK;
  return combined(count, () => {
    const seen = new Map<number, string>();
    for (let i = 0; ; i++) {
      const block = i.toString(36).padStart(4, '_');
      const after = [...block].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), FNV_PRIME) & MASK, state);
      const other = seen.get(after);
      if (other === undefined) {
        seen.set(after, block);
        continue;
      }
      state = after;
      return [other, block];
    }
  });
}

/** Low bits of the hash depend on low bits alone. */
const MASK = 0x3_ffff;

function combined(count: number, blocksAt: (position: number) => readonly [string, string]): string[] {
  let names = [''];
  for (let position = 0; names.length < count; position++) {
    const blocks = blocksAt(position);
    names = names.flatMap(name => blocks.map(block => name + block));
  }
  return names;
}
