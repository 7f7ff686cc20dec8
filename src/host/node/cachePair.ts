// Two files of the cache under one name: a small one that every reader wants, and a large one that few of them need.
import { concat } from '../../formats/bytes/concat';
import { cacheKey, type CacheFiles } from './cacheFiles';
import { thisBuild } from './thisBuild';

export interface CachePair {
  /** null if nothing usable is in the cache. */
  recall(): { readonly small: Buffer; readonly readLarge: () => Uint8Array | null } | null;
  /** @param large null if there is no large part */
  keep(small: Uint8Array, large: Uint8Array | null): void;
  remove(): void;
}

/** First byte of the small file: whether the large one belongs to it. */
const ALONE = Uint8Array.of(0);
const WITH_LARGE = Uint8Array.of(1);

/** @param identity identifies the input and its state: other contents need another identity */
export function cachePair(files: CacheFiles, identity: readonly string[]): CachePair {
  const [smallKey, largeKey] = ['small', 'large'].map(part => cacheKey(part, thisBuild(), ...identity)) as [
    string,
    string,
  ];
  return {
    recall() {
      const found = files.read(smallKey);
      if (found.kind !== 'whole') return null;
      const hasLarge = found.bytes[0] === WITH_LARGE[0];
      if (hasLarge && !files.has(largeKey)) return null;
      files.touch(smallKey);
      files.touch(largeKey);
      return { small: found.bytes.subarray(1), readLarge: () => (hasLarge ? bytesOf(files, largeKey) : null) };
    },
    keep(small, large) {
      // The small file is read first and therefore written last: if it is there, both are.
      if (large && !files.write(largeKey, large)) return;
      files.write(smallKey, concat([large ? WITH_LARGE : ALONE, small]));
    },
    remove() {
      files.remove(smallKey);
      files.remove(largeKey);
    },
  };
}

function bytesOf(files: CacheFiles, key: string): Uint8Array | null {
  const found = files.read(key);
  return found.kind === 'whole' ? new Uint8Array(found.bytes) : null;
}
