// btf_parse_module() (kernel/bpf/btf.c): is the BTF of a module sound? What builds on the kernel's own types can be
// decided only with those at hand; the header and the strings can be decided always.
import { ByteReader } from '../bytes/byteReader';

export interface BtfVerdict {
  /** 0, or what the kernel returns: EINVAL 22, E2BIG 7, ENOTSUPP 524. */
  readonly errno: number;
  /** What the verifier prints behind "BPF: "; null when it is content. */
  readonly complaint: string | null;
  /** false when types were not checked because the kernel's BTF is not known. */
  readonly complete: boolean;
}

/** What a kernel knows of the format. */
export interface BtfFormat {
  /** 7.x: the header names a third section, that of the layout of kinds, and the info word is divided differently. */
  readonly layoutSection: boolean;
  /** A kernel reads BTF in its own byte order; little-endian where nothing is said. */
  readonly littleEndian?: boolean;
}

const BTF_MAGIC = 0xeb9f;
const MAX_NAME_OFFSET = 0xff_ffff;
const EINVAL = 22;
const E2BIG = 7;
const ENOTSUPP = 524;

interface BtfHeader {
  readonly r: ByteReader;
  readonly hdrLen: number;
  readonly typeOff: number;
  readonly typeLen: number;
  readonly strOff: number;
  readonly strLen: number;
  /** null where the header does not reach that far, or the section is empty. */
  readonly layout: { readonly off: number; readonly len: number } | null;
  /** The header is as long as the kernel knows it. */
  readonly full: boolean;
}

const complain = (complaint: string, errno = EINVAL): BtfVerdict => ({ errno, complaint, complete: true });

/**
 * Checks the BTF of a module (raw bytes of .BTF); `base` is what it builds on: .BTF.base of the module or the BTF of
 * vmlinux, or null when neither is known.
 */
export function validateSplitBtf(bytes: Uint8Array, base: Uint8Array | null, format: BtfFormat): BtfVerdict {
  const header = readHeader(bytes, format);
  if ('complaint' in header) return header;
  const sections = checkSections(header) ?? checkStrings(header, true);
  if (sections) return sections;
  const baseHeader = base === null ? null : readHeader(base, format);
  if (!baseHeader || 'complaint' in baseHeader) return { errno: 0, complaint: null, complete: false };
  return checkTypes(header, baseHeader, format) ?? SOUND;
}

/** Checks .BTF.base, the types of the kernel that a module brings along. */
export function validateBaseBtf(bytes: Uint8Array, format: BtfFormat): BtfVerdict {
  const header = readHeader(bytes, format);
  if ('complaint' in header) return header;
  if (bytes.length === header.hdrLen) return complain('No data');
  return checkSections(header) ?? checkStrings(header, false) ?? SOUND;
}

const SOUND: BtfVerdict = { errno: 0, complaint: null, complete: true };

function readHeader(bytes: Uint8Array, { layoutSection, littleEndian = true }: BtfFormat): BtfHeader | BtfVerdict {
  const headerSize = layoutSection ? 32 : 24;
  const r = new ByteReader(bytes, littleEndian);
  if (r.length < 8) return complain('hdr_len not found');
  const hdrLen = r.u32(4);
  if (r.length < hdrLen) return complain('btf_header not found');
  for (let at = headerSize; at < hdrLen; at++) if (r.u8(at) !== 0) return complain('Unsupported btf_header', E2BIG);
  // Fields behind a short header count as zero.
  const field = (at: number): number => (at + 4 <= hdrLen ? r.u32(at) : 0);
  if (r.u16(0) !== BTF_MAGIC) return complain('Invalid magic');
  if (r.u8(2) !== 1) return complain('Unsupported version', ENOTSUPP);
  if (r.u8(3) !== 0) return complain('Unsupported flags', ENOTSUPP);
  const full = hdrLen >= headerSize;
  const layout = layoutSection && full && field(28) !== 0 ? { off: field(24), len: field(28) } : null;
  return { r, hdrLen, typeOff: field(8), typeLen: field(12), strOff: field(16), strLen: field(20), layout, full };
}

/**
 * btf_check_sec_info(): the sections follow each other without gap, overlap or rest. The kernel sorts them by signed
 * 32-bit differences, which decides what it complains of when an offset is huge.
 */
function checkSections({ r, hdrLen, typeOff, typeLen, strOff, strLen, layout }: BtfHeader): BtfVerdict | null {
  const sections = [{ off: typeOff, len: typeLen }, { off: strOff, len: strLen }, ...(layout ? [layout] : [])];
  sections.sort((a, b) => (a.off - b.off) | 0 || (a.len - b.len) | 0);
  const expected = r.length - hdrLen;
  let total = 0;
  for (const { off, len } of sections) {
    if (expected < off) return complain('Invalid section offset');
    if (total < off) return complain('Unsupported section found');
    if (total > off) return complain('Section overlap found');
    if (expected - total < len) return complain('Total section length too long');
    total += len;
  }
  return expected === total ? null : complain('Unsupported section found');
}

/** btf_parse_str_sec(); BTF that builds on other may have no strings of its own. */
function checkStrings({ r, hdrLen, strOff, strLen, layout, full }: BtfHeader, split: boolean): BtfVerdict | null {
  const end = hdrLen + strOff + strLen;
  // Only with a third section may something follow the strings.
  if (!(full && layout) && end !== r.length) return complain('String section is not at the end');
  if (split && strLen === 0) return null;
  const sound = strLen > 0 && strLen - 1 <= MAX_NAME_OFFSET && r.u8(end - 1) === 0;
  return sound && (split || r.u8(hdrLen + strOff) === 0) ? null : complain('Invalid string section');
}

/** Bytes behind struct btf_type by kind: for each of vlen items, and besides. */
const EXTRA: ReadonlyMap<number, readonly [perItem: number, fixed: number]> = new Map([
  [1, [0, 4]], // INT
  [3, [0, 12]], // ARRAY
  [4, [12, 0]], // STRUCT
  [5, [12, 0]], // UNION
  [6, [8, 0]], // ENUM
  [13, [8, 0]], // FUNC_PROTO
  [14, [0, 4]], // VAR
  [15, [12, 0]], // DATASEC
  [17, [0, 4]], // DECL_TAG
  [19, [12, 0]], // ENUM64
]);
/** The same as tables: there are a hundred thousand types in a kernel. */
const PER_ITEM = Int32Array.from({ length: 0x80 }, (_, kind) => EXTRA.get(kind)?.[0] ?? 0);
const FIXED = Int32Array.from({ length: 0x80 }, (_, kind) => EXTRA.get(kind)?.[1] ?? 0);

/** BTF_KIND_ENUM64, the last one known. */
const LAST_KIND = 19;

function extraSize(kind: number, vlen: number): number {
  return (PER_ITEM[kind] ?? 0) * vlen + (FIXED[kind] ?? 0);
}

/** How struct btf_type's info word is divided: kind and vlen had fewer bits before the format was widened. */
function infoShape({ layoutSection }: BtfFormat): { mask: number; kind: number; vlen: number } {
  return layoutSection
    ? { mask: 0xffff_ffff, kind: 0x7f, vlen: 0xff_ffff }
    : { mask: 0x9f00_ffff, kind: 0x1f, vlen: 0xffff };
}

/**
 * The part of btf_check_all_metas() that fails when a module meets a kernel it was not built for, and when the bytes
 * are damaged. What a kind may say of itself is not checked.
 */
function checkTypes(header: BtfHeader, base: BtfHeader, format: BtfFormat): BtfVerdict | null {
  const { r, hdrLen, typeOff, typeLen, strLen } = header;
  const names = base.strLen + strLen;
  // There may be thousands of types: each is read without asking again whether it is there.
  const view = viewOf(r);
  const shape = infoShape(format);
  const end = hdrLen + typeOff + typeLen;
  // Type 0 is void; those of the base come first.
  let id = typesOf(base, format) + 1;
  for (let at = hdrLen + typeOff; at < end; id++) {
    if (end - at < TYPE_SIZE) return complain(`[${id}] meta_left:${end - at} meta_needed:${TYPE_SIZE}`);
    const info = view.getUint32(at + 4, r.littleEndian);
    const kind = (info >>> 24) & shape.kind;
    const extra = extraSize(kind, info & shape.vlen);
    if ((info & ~shape.mask) !== 0) return complain(`[${id}] Invalid btf_info:${info.toString(16)}`);
    if (kind === 0 || kind > LAST_KIND) return complain(`[${id}] Invalid kind:${kind}`);
    const name = view.getUint32(at, r.littleEndian);
    if (name >= names) return complain(`[${id}] Invalid name_offset:${name}`);
    at += TYPE_SIZE + extra;
    if (at > end) return complain('meta_left too small');
  }
  return null;
}

const TYPE_SIZE = 12;

/** Counts of bases, by their bytes: that of a kernel has a hundred thousand types, and every module asks. */
const counted = new WeakMap<Uint8Array, number>();

function typesOf(base: BtfHeader, format: BtfFormat): number {
  const known = counted.get(base.r.bytes) ?? countTypes(base, format);
  counted.set(base.r.bytes, known);
  return known;
}

/** Number of types in BTF that was checked before, or is the kernel's own. */
function countTypes({ r, hdrLen, typeOff, typeLen }: BtfHeader, format: BtfFormat): number {
  const shape = infoShape(format);
  const view = viewOf(r);
  const end = Math.min(hdrLen + typeOff + typeLen, r.length);
  let count = 0;
  for (let at = hdrLen + typeOff; at + TYPE_SIZE <= end; count++) {
    const info = view.getUint32(at + 4, r.littleEndian);
    at += TYPE_SIZE + extraSize((info >>> 24) & shape.kind, info & shape.vlen);
  }
  return count;
}

const viewOf = ({ bytes }: ByteReader): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
