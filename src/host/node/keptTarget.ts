// Targets in the cache, ready for use: reading one again costs more than simulating a module.
import { btfFormat } from '../../linux/kernel/bpf/format';
import { outlineParts } from '../../linux/kernel/bpf/parseModule';
import { deriveFeatures } from '../../linux/deriveFeatures';
import { ExportTable } from '../../target/exportTable';
import type { TargetFiles } from '../../target/files';
import type { TargetOptions } from '../../target/sources/types';
import { SNAPSHOT_NAME } from '../../target/snapshot';
import type { BaseBtf, KernelFacts } from '../../target/types';
import { cacheDirectory, cacheKey, kernelFiles, type CacheFiles } from './cacheFiles';
import { digestsOf, readStamped, StampedBlocks } from './stampedFile';
import { thisBuild } from './thisBuild';
import { isRecent, isUnchanged, watchFiles, type Watched } from './watchedFiles';

type Read = (files: TargetFiles) => Promise<KernelFacts>;

/**
 * The facts that `read` makes of a target, or what an earlier process has kept of them, if everything that was asked about then is
 * as it was: each file's size, times and inode. The cache is of this build and of this user only, and may be missing.
 */
export async function readThroughCache(
  target: string,
  { modules }: TargetOptions,
  files: TargetFiles,
  read: Read,
): Promise<KernelFacts> {
  const directory = cacheDirectory();
  // A snapshot is one file that says all.
  if (directory === null || SNAPSHOT_NAME.test(target)) return read(files);
  const cache = kernelFiles(directory);
  const asked = [target, modules ?? '', process.cwd(), files.runningRelease, process.arch];
  const keys: Keys = { small: cacheKey('target', thisBuild(), ...asked), btf: cacheKey('base', thisBuild(), ...asked) };
  const known = recall(cache, keys, files);
  if (known) return known;
  const watching = watchFiles(files);
  const facts = await read(watching.files);
  keep(cache, keys, facts, watching.watched);
  return facts;
}

/** BTF is megabytes and few modules need it: it is a file of its own. */
interface Keys {
  readonly small: string;
  readonly btf: string;
}

/** Before the parts, as JSON. */
interface Head {
  readonly watched: readonly Watched[];
  /** Without what is in the parts, and without what is made when it is asked for. */
  readonly facts: Omit<KernelFacts, 'exports' | 'btf' | 'trustedKeys'>;
  readonly trustedKeys: string | null;
  /** Where the types are from, and the stamp of the file that holds them. */
  readonly btf: {
    readonly source: string;
    readonly stamp: string;
    /** Where strings are in the file; null where it is no BTF. */
    readonly strings: { readonly start: number; readonly length: number } | null;
  } | null;
  readonly exports: { readonly count: number; readonly skippedLines: number; readonly longest: number };
  /** Bytes of each part; each begins at a multiple of {@link ALIGNMENT}. */
  readonly sizes: readonly number[];
}

const NOTHING = new Uint8Array();

/** Of the largest elements of a part, in bytes. */
const ALIGNMENT = 4;
const aligned = (size: number): number => Math.ceil(size / ALIGNMENT) * ALIGNMENT;

function keep(cache: CacheFiles, keys: Keys, facts: KernelFacts, watched: () => readonly Watched[] | null): void {
  const table = facts.exports.parts();
  if (!table || facts.profile || !cache.prepare()) return;
  const { btf, trustedKeys, exports, ...rest } = facts;
  // What is read on demand has been asked for by now.
  const seen = watched();
  if (!seen || seen.length === 0 || isRecent(seen)) return;
  const { columns, hashes } = table;
  const { count } = columns;
  const outline = btf && outlineParts(btf.bytes, btfFormat(deriveFeatures(facts)));
  const parts: Uint8Array[] = [
    ...[columns.nameStart, columns.nameLength, columns.hashes, columns.crcs].map(column => column.subarray(0, count)),
    hashes.buckets,
    hashes.chain,
    exports.text,
    outline?.kinds ?? NOTHING,
    outline && btf ? digestsOf(btf.bytes) : NOTHING,
    ...(trustedKeys?.certificates ?? []),
  ].map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  // The file that is read first is written last: if it is there, both are.
  const stamp = btf && cache.write(keys.btf, btf.bytes) ? cache.stamp(keys.btf) : null;
  if (btf && stamp === null) return;
  const head: Head = {
    watched: seen,
    facts: rest,
    trustedKeys: trustedKeys?.source ?? null,
    btf:
      btf && stamp !== null
        ? { source: btf.source, stamp, strings: outline && { start: outline.strings, length: outline.strLen } }
        : null,
    exports: { count, skippedLines: exports.skippedLines, longest: hashes.longest },
    sizes: parts.map(({ length }) => length),
  };
  const text = Buffer.from(JSON.stringify(head));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  const pieces = [size, text, padding(text.length)];
  for (const part of parts) pieces.push(Buffer.from(part.buffer, part.byteOffset, part.length), padding(part.length));
  cache.write(keys.small, Buffer.concat(pieces));
}

const padding = (size: number): Buffer => Buffer.alloc(aligned(size) - size);

function recall(cache: CacheFiles, keys: Keys, files: TargetFiles): KernelFacts | null {
  const found = cache.read(keys.small);
  if (found.kind !== 'whole') return null;
  const { bytes } = found;
  const headEnd = 4 + bytes.readUInt32LE(0);
  // The checksum of the file proves that this build has written these bytes.
  const head = JSON.parse(bytes.toString('utf8', 4, headEnd)) as Head;
  const kept = head.btf;
  if (!isUnchanged(head.watched, files) || (kept !== null && cache.stamp(keys.btf) !== kept.stamp)) return null;
  cache.touch(keys.small);
  let at = bytes.byteOffset + aligned(headEnd);
  const { buffer } = bytes;
  const [nameStart, nameLength, hashes, crcs, buckets, chain, text, kinds, digests, ...certificates] = head.sizes.map(
    size => {
      const part = { start: at, size };
      at += aligned(size);
      return part;
    },
  );
  const words = (part: Part | undefined): Uint32Array => new Uint32Array(buffer, part?.start, (part?.size ?? 0) / 4);
  const numbers = (part: Part | undefined): Int32Array => new Int32Array(buffer, part?.start, (part?.size ?? 0) / 4);
  const plain = (part: Part | undefined): Uint8Array => new Uint8Array(buffer, part?.start, part?.size ?? 0);
  const { count, skippedLines, longest } = head.exports;
  const columns = {
    count,
    nameStart: words(nameStart),
    nameLength: words(nameLength),
    hashes: numbers(hashes),
    crcs: words(crcs),
  };
  const table = { buckets: numbers(buckets), chain: numbers(chain), longest };
  // No option's name can mean something else, as in parseConfig().
  Object.setPrototypeOf(head.facts.config, null);
  let btf: BaseBtf | null | undefined;
  return {
    ...head.facts,
    exports: new ExportTable(plain(text), columns, skippedLines, table),
    trustedKeys: head.trustedKeys === null ? null : { source: head.trustedKeys, certificates: certificates.map(plain) },
    get btf() {
      return (btf ??= kept && keptBtf(cache, keys.btf, kept, plain(kinds), plain(digests)));
    },
  };
}

/** Without an outline it is read at once, and with one when it turns out that the outline is not enough. */
function keptBtf(
  cache: CacheFiles,
  key: string,
  { source, strings }: NonNullable<Head['btf']>,
  kinds: Uint8Array,
  digests: Uint8Array,
): BaseBtf {
  if (!strings) return { bytes: readStamped(cache, key), source };
  const blocks = new StampedBlocks(cache, key, digests);
  let bytes: Uint8Array | undefined;
  return {
    get bytes() {
      return (bytes ??= readStamped(cache, key));
    },
    source,
    outline: { kinds, digests, strLen: strings.length, string: offset => blocks.string(strings.start + offset) },
  };
}

interface Part {
  readonly start: number;
  readonly size: number;
}
