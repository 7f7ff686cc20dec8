// Large files of the cache that few readers need, and that are not looked at before.
import { InputError } from '../../target/files';
import type { CacheFiles } from './cacheFiles';

/**
 * The contents of a file whose stamp is right. Throws {@link InputError} where the disk gives other bytes than were written: by
 * then the kernel that they belong to is in use, and without them its answers would be others.
 */
export function readStamped(files: CacheFiles, key: string): Uint8Array {
  const found = files.read(key);
  if (found.kind === 'whole') return new Uint8Array(found.bytes);
  files.remove(key);
  throw new InputError(files.path(key), 'was damaged in the cache and is removed: run the command again');
}
