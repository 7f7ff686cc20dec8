// Files that are bundled as text: esbuild's { type: 'text' }.
declare module 'xz-decompress/dist/package/xz-decompress.min.js' {
  const text: string;
  export default text;
}

declare module '*.sh' {
  const text: string;
  export default text;
}

// Packages without types of their own.
declare module 'unbzip2-stream/lib/bzip2.js' {
  type Bits = (count: number) => number;
  const bzip2: {
    array(packed: Uint8Array): Bits;
    header(bits: Bits): number;
    decompress(
      bits: Bits,
      write: (byte: number) => void,
      block: Int32Array,
      blockSize: number,
      checksum: number,
    ): number | null;
  };
  export default bzip2;
}
