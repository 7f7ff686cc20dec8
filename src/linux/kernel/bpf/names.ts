// Which names BTF may give (kernel/bpf/btf.c, __btf_name_valid()).
import type { Btf } from './btf';
import type { BtfFormat } from './format';

const FIRST = 1;
const LATER = 2;
const PRINTABLE = 4;

/** What a byte may be; letters are those of Latin-1, as lib/ctype.c has them. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, c) => {
  const char = String.fromCharCode(c);
  const letter = /[A-Za-z]/.test(char) || (c >= 0xc0 && c !== 0xd7 && c !== 0xf7);
  const first = letter || char === '_' || char === '.';
  const printable = (c >= 0x20 && c < 0x7f) || c >= 0xa0;
  return (first ? FIRST : 0) | (first || /[0-9]/.test(char) ? LATER : 0) | (printable ? PRINTABLE : 0);
});

/** btf_name_valid_identifier(); the offset must be valid. */
export function isIdentifier(btf: Btf, offset: number, format: BtfFormat): boolean {
  // The modules of a tree use the same names of their kernel again and again.
  const known = btf.base && offset < btf.startStrOff ? btf.base.identifiers : null;
  if (known?.[offset]) return known[offset] === IS_ONE;
  const is = consistsOf(btf, offset, format, FIRST, LATER);
  if (known) known[offset] = is ? IS_ONE : IS_NONE;
  return is;
}

/** Of a name that was looked at before: {@link Btf.identifiers}. */
const IS_ONE = 1;
const IS_NONE = 2;

/** btf_name_valid_section(); the offset must be valid. */
export function isSectionName(btf: Btf, offset: number, format: BtfFormat): boolean {
  return format.printableSections
    ? consistsOf(btf, offset, format, PRINTABLE, PRINTABLE)
    : isIdentifier(btf, offset, format);
}

function consistsOf(btf: Btf, offset: number, { longestName }: BtfFormat, first: number, later: number): boolean {
  const found = btf.string(offset);
  if (!found) return false;
  const { bytes, at } = found;
  if (((CLASSES[bytes[at] ?? 0] ?? 0) & first) === 0) return false;
  let end = at + 1;
  for (; end < at + longestName; end++) {
    const byte = bytes[end] ?? 0;
    if (byte === 0) return true;
    if (((CLASSES[byte] ?? 0) & later) === 0) return false;
  }
  return (bytes[end] ?? 0) === 0;
}
