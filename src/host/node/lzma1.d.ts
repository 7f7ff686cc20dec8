// The package brings its sources as types, and these do not compile by our rules.
export function decompress(packed: Uint8Array): Uint8Array;
