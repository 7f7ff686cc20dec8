// Everything that earlier runs may have left behind in the directory of the cache.
import { kernelFiles, type CacheFiles } from './cacheFiles';
import { checkFiles } from './check/cache';
import { codeFiles } from './codeCache';
import { imageFiles, namedFiles } from './named/namedKernel';

/** All kinds of it: results of check, what was read of kernels, kernels by name and their images, compiled code. */
export function keptFiles(directory: string): readonly CacheFiles[] {
  return [checkFiles, kernelFiles, namedFiles, imageFiles, codeFiles].map(filesIn => filesIn(directory));
}
