// Large files of the cache that few readers need whole, and that are not looked at before.
import { InputError } from '../../target/files';
import { sha256, type CacheFiles } from './cacheFiles';

/**
 * The contents of a file whose stamp is right. Throws {@link InputError} where the disk gives other bytes than were written: by
 * then the kernel that they belong to is in use, and without them its answers would be others.
 */
export function readStamped(files: CacheFiles, key: string): Uint8Array {
  const found = files.read(key);
  if (found.kind !== 'whole') return damaged(files, key);
  // A view: copying megabytes costs more than reading them.
  return new Uint8Array(found.bytes.buffer, found.bytes.byteOffset, found.bytes.length);
}

function damaged(files: CacheFiles, key: string): never {
  files.remove(key);
  throw new InputError(files.path(key), 'was damaged in the cache and is removed: run the command again');
}

/** Bytes that are read at a time. */
const BLOCK = 16 << 10;
const DIGEST = 32;

/** Digests of all blocks: what {@link StampedBlocks} holds the blocks of a file against. */
export function digestsOf(contents: Uint8Array): Buffer {
  const digests = [];
  for (let at = 0; at < contents.length; at += BLOCK) digests.push(sha256(contents.subarray(at, at + BLOCK)));
  return Buffer.concat(digests);
}

/** The same file in blocks, for readers that need few of them. Throws as {@link readStamped} does. */
export class StampedBlocks {
  private readonly blocks = new Map<number, Uint8Array>();

  constructor(
    private readonly files: CacheFiles,
    private readonly key: string,
    private readonly digests: Uint8Array,
  ) {}

  /** Bytes that hold the string at an offset, up to its NUL or the end of the file. */
  string(offset: number): { readonly bytes: Uint8Array; readonly at: number } {
    const number = Math.floor(offset / BLOCK);
    const at = offset % BLOCK;
    const bytes = this.block(number);
    if (bytes.includes(0, at)) return { bytes, at };
    const pieces = [bytes.subarray(at)];
    for (let next = number + 1; next * DIGEST < this.digests.length; next++) {
      const more = this.block(next);
      pieces.push(more);
      if (more.includes(0)) break;
    }
    return { bytes: Buffer.concat(pieces), at: 0 };
  }

  private block(number: number): Uint8Array {
    let block = this.blocks.get(number);
    if (!block) {
      block = this.files.readPart(this.key, number * BLOCK, BLOCK) ?? damaged(this.files, this.key);
      const digest = this.digests.subarray(number * DIGEST, (number + 1) * DIGEST);
      if (!sha256(block).equals(digest)) return damaged(this.files, this.key);
      this.blocks.set(number, block);
    }
    return block;
  }
}
