// Branch filters of the .xz format (The .xz File Format, 5.3.2): before packing, relative addresses of calls were made absolute,
// because equal targets then look equal. This turns them back.

/** Filters by their ids in the format. Those that no kernel is packed with are left out. */
const FILTERS: ReadonlyMap<number, (bytes: Uint8Array) => void> = new Map([
  [0x04, unfilterX86],
  [0x05, unfilterPowerpc],
  [0x07, unfilterArm],
  [0x08, unfilterThumb],
  [0x0a, unfilterArm64],
]);

/** Whether {@link unfilter} knows this filter. */
export const isBranchFilter = (id: number): boolean => FILTERS.has(id);

/** Undoes a filter in place; `bytes` is all that was unpacked. */
export function unfilter(id: number, bytes: Uint8Array): void {
  FILTERS.get(id)?.(bytes);
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const isSign = (byte: number): boolean => byte === 0x00 || byte === 0xff;

/** By which of the three bytes before were opcodes too: whether a call may start here, and which byte of it is looked at. */
const MAY_START = [true, true, true, false, true, false, false, false];
const LOOKED_AT = [0, 1, 2, 2, 3, 3, 3, 3];

/** CALL and JMP (e8, e9) with 32 bits behind; opcodes among the bytes of another one count as its operand. */
function unfilterX86(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  const end = bytes.length - 4;
  /** Opcodes among the three bytes before, a bit each. */
  let seen = 0;
  let last = -1;
  for (let at = 0; at < end; at++) {
    if (((bytes[at] ?? 0) & 0xfe) !== 0xe8) continue;
    const distance = at - last;
    last = at;
    if (distance > 3) seen = 0;
    else {
      seen = (seen << (distance - 1)) & 7;
      if (seen !== 0) {
        const byte = bytes[at + 4 - (LOOKED_AT[seen] ?? 0)] ?? 0;
        if (MAY_START[seen] !== true || isSign(byte)) {
          seen = (seen << 1) | 1;
          continue;
        }
      }
    }
    if (!isSign(bytes[at + 4] ?? 0)) {
      seen = (seen << 1) | 1;
      continue;
    }
    let value = view.getInt32(at + 1, true);
    let target = (value - (at + 5)) | 0;
    while (seen !== 0) {
      const shift = (LOOKED_AT[seen] ?? 0) * 8;
      if (!isSign((target >>> (24 - shift)) & 0xff)) break;
      value = target ^ ((1 << (32 - shift)) - 1);
      target = (value - (at + 5)) | 0;
    }
    // Of the address 25 bits count; the highest is its sign.
    view.setInt32(at + 1, (target << 7) >> 7, true);
    at += 4;
  }
}

/** bl with an absolute flag of zero. */
function unfilterPowerpc(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, false);
    if ((code & 0xfc000003) >>> 0 !== 0x48000001) continue;
    view.setUint32(at, 0x48000001 | ((code - at) & 0x03fffffc), false);
  }
}

/** bl, always executed. */
function unfilterArm(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    if (bytes[at + 3] !== 0xeb) continue;
    const target = (view.getUint32(at, true) << 2) - at - 8;
    view.setUint32(at, (0xeb000000 | ((target >> 2) & 0xffffff)) >>> 0, true);
  }
}

/** bl in two halves of 16 bits with 11 bits of the address each. */
function unfilterThumb(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  for (let at = 0; at + 4 <= bytes.length; at += 2) {
    const [high, low] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    if ((high & 0xf800) !== 0xf000 || (low & 0xf800) !== 0xf800) continue;
    const target = ((((high & 0x7ff) << 11) | (low & 0x7ff)) << 1) - at - 4;
    view.setUint16(at, 0xf000 | ((target >> 12) & 0x7ff), true);
    view.setUint16(at + 2, 0xf800 | ((target >> 1) & 0x7ff), true);
    at += 2;
  }
}

/** bl, and adrp within 512 MiB. */
function unfilterArm64(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, true);
    if (code >>> 26 === 0x25) {
      view.setUint32(at, (0x94000000 | ((code - (at >>> 2)) & 0x03ffffff)) >>> 0, true);
    } else if ((code & 0x9f000000) >>> 0 === 0x90000000) {
      const page = ((code >>> 29) & 3) | ((code >>> 3) & 0x1ffffc);
      // Only where the upper bits are all alike, which is what the packer left alone too.
      if (((page + 0x020000) & 0x1c0000) !== 0) continue;
      const target = page - (at >>> 12);
      const kept = code & 0x9000001f;
      const field = ((target & 3) << 29) | ((target & 0x03fffc) << 3) | (-(target & 0x020000) & 0xe00000);
      view.setUint32(at, (kept | field) >>> 0, true);
    }
  }
}
