// The BTF of a kernel image: by its section, else by what its header says.
import type { KernelBytes } from './kernelBytes';

/** Every kernel describes more types than would fit in that many bytes. */
const SMALLEST = 100_000;
const HEADER = 24;

/** A view of the raw BTF; null where the kernel has none. */
export function btfInImage({ r, sections }: KernelBytes): Uint8Array | null {
  const named = sections?.get('.BTF');
  if (named && named.sh_size > HEADER) return r.bytes.subarray(named.sh_offset, named.sh_offset + named.sh_size);
  const first = r.littleEndian ? 0x9f : 0xeb;
  for (let at = r.bytes.indexOf(first); at >= 0; at = r.bytes.indexOf(first, at + 1)) {
    if (r.u16(at) !== 0xeb9f || r.u8(at + 2) !== 1 || r.u8(at + 3) !== 0) continue;
    const header = r.u32(at + 4);
    const [types, strings] = [r.u32(at + 12), r.u32(at + 20)];
    // The kernel's own has its types first and its strings last.
    if (header < HEADER || header > 64 || r.u32(at + 8) !== 0 || types < SMALLEST) continue;
    const length = header + r.u32(at + 16) + strings;
    if (r.contains(at, length) && r.u8(at + header + r.u32(at + 16)) === 0) return r.bytes.subarray(at, at + length);
  }
  return null;
}
