// Where jumps and calls inside a section may lead.

/** Calls `reach` with the target of everything in the bytes that may be a branch, as an offset in them. */
export function eachBranch(bytes: Uint8Array, reach: (offset: number) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at] ?? 0;
    // Bytes that only look like a branch make the caller more careful, not wrong.
    const isShort = opcode === 0xeb || (opcode >= 0x70 && opcode <= 0x7f);
    const isNear = opcode === 0xe8 || opcode === 0xe9 || (opcode >= 0x80 && opcode <= 0x8f);
    if (isShort && at + 2 <= bytes.length) reach(at + 2 + view.getInt8(at + 1));
    if (isNear && at + 5 <= bytes.length) reach(at + 5 + view.getInt32(at + 1, true));
  }
}
