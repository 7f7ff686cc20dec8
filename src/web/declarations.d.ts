declare module 'brotli/decompress' {
  export default function decompress(file: Uint8Array): Uint8Array;
}
