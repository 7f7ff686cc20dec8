// The decoders the kernel has, loaded when a module is first handed over compressed (flag 4 of finit_module).
import type { Decompress } from '../../target/types';
import type * as KernelDecompress from './kernelDecompress';

/** As kernelDecompress in kernelDecompress.ts. */
export const decompress: Decompress = (packed, format) => {
  // require, for the reason given in lazyPkcs7.ts.
  const { kernelDecompress } = require('./kernelDecompress') as typeof KernelDecompress;
  return kernelDecompress(packed, format);
};
