/** Up to `length` bytes at `offset` of a file; fewer where it ends. */
export type ReadAt = (offset: number, length: number) => Uint8Array;
