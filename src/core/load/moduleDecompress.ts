// module_decompress() (kernel/module/decompress.c): the kernel takes one algorithm, or none.
import { compressedFile } from '../findings/compressedFile';
import type { Compression } from '../kernel/features';
import { EINVAL, EOPNOTSUPP } from './errno';
import type { Errno, Load } from './types';

/**
 * Whoever calls with MODULE_INIT_COMPRESSED_FILE passes the plain bytes and says how the file was compressed:
 * decompression belongs to a library outside of core.
 */
export function moduleDecompress(load: Load): Errno {
  const wanted: Compression | null = load.features.decompression;
  const given = load.options.compression;
  if (wanted === null) {
    load.report(compressedFile, { wanted, given });
    return EOPNOTSUPP;
  }
  if (given === wanted) return 0;
  load.report(compressedFile, { wanted, given });
  return EINVAL;
}
