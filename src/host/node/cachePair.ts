// Two files of the cache under one name: a small one that every reader wants, and a large one that few of them need.
import { concat } from '../../formats/bytes/concat';
import { cacheKey, type CacheFiles } from './cacheFiles';
import { readStamped } from './stampedFile';
import { thisBuild } from './thisBuild';

export interface CachePair {
  /** null if nothing usable is in the cache. Reading the large part throws InputError if the disk lost it since. */
  recall(): { readonly small: Buffer; readonly readLarge: () => Uint8Array | null } | null;
  /** @param large null if there is no large part */
  keep(small: Uint8Array, large: Uint8Array | null): void;
  remove(): void;
}

/** Behind the first line of the small file, which is the stamp of the large one, and empty without one. */
const END_OF_STAMP = 10;

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
      const end = found.bytes.indexOf(END_OF_STAMP);
      const stamp = found.bytes.toString('latin1', 0, end);
      if (end < 0 || (stamp !== '' && files.stamp(largeKey) !== stamp)) return null;
      files.touch(smallKey);
      return {
        small: found.bytes.subarray(end + 1),
        readLarge: () => (stamp === '' ? null : readStamped(files, largeKey)),
      };
    },
    keep(small, large) {
      // The small file is read first and therefore written last: if it is there, both are.
      const stamp = large && (files.write(largeKey, large) ? files.stamp(largeKey) : null);
      if (large && stamp === null) return;
      files.write(smallKey, concat([Buffer.from(`${stamp ?? ''}\n`, 'latin1'), small]));
    },
    remove() {
      files.remove(smallKey);
      files.remove(largeKey);
    },
  };
}
