// Files of a kernel in one JSON file, as `insmod-lens capture --script` takes them from a machine without Node.js.
import { isCaptureOfFiles } from '../capturedFiles';
import { SNAPSHOT_NAME } from '../snapshot';
import { readInside } from './packageFile';
import type { TargetSource } from './types';

export const capturedFiles: TargetSource = {
  name: 'files captured from a machine',
  recognises: (target, files) => {
    if (!SNAPSHOT_NAME.test(target) || files.isDirectory(target)) return false;
    try {
      return files.withParts(target, isCaptureOfFiles);
    } catch {
      return false;
    }
  },
  open: (target, files) => files.readPackage(target, inside => readInside(target, inside)),
  places: () => null,
};
