// module_decompress() (kernel/module/decompress.c): the kernel takes one algorithm, or none.
import { note } from '../../../findings/notes';
import { compressedFile, type CompressedFileFacts } from '../../../findings/compressedFile';
import { undecodable, type UndecodableFacts } from '../../../findings/undecodable';
import type { Compression } from '../../features';
import { EINVAL, EOPNOTSUPP } from '../../errno';
import type { Errno, Load } from './types';

/**
 * Whoever calls with MODULE_INIT_COMPRESSED_FILE passes the file as it is, or the plain bytes and how they were
 * compressed. From here on `load.info` holds the plain bytes.
 */
export function moduleDecompress(load: Load): Errno {
  const { info, options, machine } = load;
  const wanted = load.features.decompression;
  const refuse = (problem: CompressedFileFacts['problem']): Errno => {
    load.report(compressedFile, { wanted, problem });
    return wanted === null ? EOPNOTSUPP : EINVAL;
  };
  if (wanted === null) return refuse('format');
  if (options.compression !== null) return options.compression === wanted ? 0 : refuse('format');

  const start = dataStart(info.bytes, wanted);
  if (start === null) return refuse('format');
  if (wanted === 'zstd' && !hasFrameHeader(info.bytes)) return refuse('frame-header');
  const result = machine.decompress?.(info.bytes.subarray(start), wanted) ?? {
    kind: 'unknown',
    reason: note('no-decoder'),
  };
  switch (result.kind) {
    case 'unpacked':
      info.bytes = result.bytes;
      info.len = result.bytes.length;
      return 0;
    case 'failed':
      return refuse({ status: result.status });
    case 'unknown':
      load.note(note('file-not-unpacked', { reason: result.reason }));
      return EINVAL;
  }
}

/** Bytes of a compressed file that show whether a kernel's decoder takes it. */
export const PACKED_HEAD = 32;

/**
 * Why the kernel's decoder refuses a file that others unpack; null where nothing at its beginning shows that it does.
 * @param head the first bytes of the file
 */
export function decoderRefuses(head: Uint8Array, format: Compression): UndecodableFacts['problem'] | null {
  switch (format) {
    case 'xz':
      return isForeignXzCheck(head[XZ_CHECK_TYPE]) ? 'xz-check' : null;
    case 'gzip':
      return ((head[GZIP_FLAGS] ?? 0) & ~(GZIP_FNAME | GZIP_FTEXT)) === 0 ? null : 'gzip-fields';
    case 'zstd':
      return hasFrameHeader(head) ? null : 'frame-header';
  }
}

/** Where a stream says how its contents are checked: the second of its flags (The .xz File Format, 2.1.1.2), in bytes. */
export const XZ_CHECK_TYPE = 7;
const XZ_CHECK_CRC32 = 1;

/** Whether the kernel lacks a check: it has CRC32, and takes streams without one (lib/xz/xz_dec_stream.c, dec_stream_header()). */
export function isForeignXzCheck(type = 0): boolean {
  return type > XZ_CHECK_CRC32;
}

/** Whether kmod 31 or later, which leaves the unpacking to the kernel, would be refused. To be called where others unpack. */
export function noteDecoder({ options, features, report }: Load): void {
  const { compression, packedHead } = options;
  if (packedHead === null || compression === null || compression !== features.decompression) return;
  const problem = decoderRefuses(packedHead, compression);
  if (problem !== null) report(undecodable, { format: compression, problem });
}

const SIGNATURES: Readonly<Record<Compression, readonly number[]>> = {
  gzip: [0x1f, 0x8b, 0x08],
  xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  zstd: [0x28, 0xb5, 0x2f, 0xfd],
};

/** Where the decoder begins to read; null when the file is of another format. */
function dataStart(file: Uint8Array, format: Compression): number | null {
  if (!SIGNATURES[format].every((byte, i) => file[i] === byte)) return null;
  return format === 'gzip' ? gzipHeaderLength(file) : 0;
}

const GZIP_HEADER = 10;
const GZIP_FLAGS = 3;
/** Says nothing of what follows. */
const GZIP_FTEXT = 1;
/** Of the optional fields, the kernel skips only the file's name. */
const GZIP_FNAME = 8;

/** module_gzip_header_len() */
function gzipHeaderLength(file: Uint8Array): number | null {
  if (file.length < GZIP_HEADER) return null;
  if (((file[GZIP_FLAGS] ?? 0) & GZIP_FNAME) === 0) return GZIP_HEADER;
  const nameEnd = file.indexOf(0, GZIP_HEADER);
  return nameEnd < 0 ? null : nameEnd + 1;
}

/** zstd_get_frame_header(): magic, descriptor, and the fields it announces (RFC 8878, 3.1.1.1). */
function hasFrameHeader(file: Uint8Array): boolean {
  const [, , , , descriptor] = file;
  if (descriptor === undefined) return false;
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const reserved = (descriptor & 8) !== 0;
  return !reserved && file.length >= 5 + (singleSegment ? 0 : 1) + dictionary + contentSize;
}
