declare module 'brotli/dec/streams' {
  export class BrotliInput {
    constructor(file: Uint8Array);
  }
}

declare module 'brotli/dec/decode' {
  import type { BrotliInput } from 'brotli/dec/streams';

  export interface BrotliOutput {
    readonly buffer: { readonly length: number };
    write(bytes: Uint8Array, count: number): void;
  }

  export function BrotliDecompress(input: BrotliInput, output: BrotliOutput): void;
}
