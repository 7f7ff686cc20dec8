// A small kernel as an arm64 Image: a banner, a version magic, a table of exports with checksums.

export const RELEASE = '6.6.6-small';
export const VERMAGIC = `${RELEASE} SMP mod_unload modversions aarch64`;
/** Names go up; the second half is for GPL modules. */
export const COUNT = 400;
export const nameOf = (index: number): string => `symbol_${String(index).padStart(4, '0')}`;
export const crcOf = (index: number): number => (0x10000000 + index * 7919) >>> 0;

const TABLE = 0x1000;
const ENTRY = 12;
const NAME = 16;

/** With something behind it, so that it is as large as a kernel. */
export function smallKernel(size = 1 << 20): Uint8Array {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(0x644d5241, 0x38);
  const crcs = TABLE + COUNT * ENTRY;
  const strings = crcs + COUNT * 4;
  for (let i = 0; i < COUNT; i++) {
    // Names begin anew where the table for GPL modules does.
    const name = strings + i * NAME;
    bytes.write(`${nameOf(i < COUNT / 2 ? i + COUNT / 2 : i - COUNT / 2)}\0`, name, 'latin1');
    const entry = TABLE + i * ENTRY;
    bytes.writeInt32LE(64, entry);
    bytes.writeInt32LE(name - (entry + 4), entry + 4);
    bytes.writeUInt32LE(crcOf(i), crcs + 4 * i);
  }
  bytes.write(`\0Linux version ${RELEASE} (me@here) (gcc) #1 SMP\n\0`, size / 2, 'latin1');
  bytes.write(`\0${VERMAGIC}\0`, size / 2 + 256, 'latin1');
  return bytes;
}
