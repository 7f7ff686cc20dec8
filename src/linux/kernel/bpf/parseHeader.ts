// btf_parse_hdr() and btf_parse_str_sec() (kernel/bpf/btf.c): they need no types of the kernel.
import { ByteReader } from '../../../formats/bytes/byteReader';
import { E2BIG, EINVAL, ENOTSUPP } from '../../errno';
import { MAX_NAME_OFFSET, type BtfFormat } from './format';
import type { BtfHeader } from './header';
import type { VerifierLog } from './verifierLog';

const BTF_MAGIC = 0xeb9f;

/**
 * btf_parse_hdr(): the header, or the errno that refuses it.
 *
 * @param split whether the blob builds on another one
 */
export function parseHeader(
  bytes: Uint8Array,
  format: BtfFormat,
  split: boolean,
  log: VerifierLog,
): BtfHeader | number {
  const { layoutSection, littleEndian } = format;
  const headerSize = layoutSection ? 32 : 24;
  const complain = (text: string, errno: number = EINVAL): number => {
    log.print(text);
    return errno;
  };
  const r = new ByteReader(bytes, littleEndian);
  if (r.length < 8) return complain('hdr_len not found');
  const hdrLen = r.u32(4);
  if (r.length < hdrLen) return complain('btf_header not found');
  for (let at = headerSize; at < hdrLen; at++) if (r.u8(at) !== 0) return complain('Unsupported btf_header', E2BIG);
  // Fields behind a short header count as zero, and so does the rest of one that it cuts.
  const known = new Uint8Array(headerSize);
  known.set(bytes.subarray(0, Math.min(hdrLen, headerSize)));
  const head = new ByteReader(known, littleEndian);
  const field = (at: number): number => head.u32(at);
  if (head.u16(0) !== BTF_MAGIC) return complain('Invalid magic');
  if (head.u8(2) !== 1) return complain('Unsupported version', ENOTSUPP);
  if (head.u8(3) !== 0) return complain('Unsupported flags', ENOTSUPP);
  if (!split && bytes.length === field(4)) return complain('No data');
  const full = hdrLen >= headerSize;
  const layout = layoutSection && full && field(28) !== 0 ? { off: field(24), len: field(28) } : null;
  const [typeOff, typeLen, strOff, strLen] = [field(8), field(12), field(16), field(20)];
  const header: BtfHeader = { r, hdrLen, typeOff, typeLen, strOff, strLen, layout, full };
  const wrong = checkSections(header);
  return wrong === null ? header : complain(wrong);
}

/**
 * btf_check_sec_info(): the sections follow each other without gap, overlap or rest. The kernel sorts them by signed
 * 32-bit differences, which decides what it complains of when an offset is huge.
 */
function checkSections({ r, hdrLen, typeOff, typeLen, strOff, strLen, layout }: BtfHeader): string | null {
  const sections = [{ off: typeOff, len: typeLen }, { off: strOff, len: strLen }, ...(layout ? [layout] : [])];
  sections.sort((a, b) => (a.off - b.off) | 0 || (a.len - b.len) | 0);
  const expected = r.length - hdrLen;
  let total = 0;
  for (const { off, len } of sections) {
    if (expected < off) return 'Invalid section offset';
    if (total < off) return 'Unsupported section found';
    if (total > off) return 'Section overlap found';
    if (expected - total < len) return 'Total section length too long';
    total += len;
  }
  return expected === total ? null : 'Unsupported section found';
}

/** btf_parse_str_sec(): 0 or an errno. BTF that builds on other may have no strings of its own. */
export function checkStrings(
  { r, hdrLen, strOff, strLen, full }: BtfHeader,
  { layoutSection }: BtfFormat,
  split: boolean,
  log: VerifierLog,
): number {
  const end = hdrLen + strOff + strLen;
  // A kernel that knows a third section looks only where the header is too short to name it.
  if (!(layoutSection && full) && end !== r.length) {
    log.print('String section is not at the end');
    return EINVAL;
  }
  if (split && strLen === 0) return 0;
  const sound = strLen > 0 && strLen - 1 <= MAX_NAME_OFFSET && r.u8(end - 1) === 0;
  if (sound && (split || r.u8(hdrLen + strOff) === 0)) return 0;
  log.print('Invalid string section');
  return EINVAL;
}
