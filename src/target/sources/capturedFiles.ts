// Files of a kernel in one JSON file, as `insmod-lens capture --script` takes them from a machine without Node.js.
import { byteString } from '../../formats/bytes/strings';
import { isCaptureOfFiles } from '../capturedFiles';
import { SNAPSHOT_NAME } from '../snapshot';
import { readInside } from './packageFile';
import type { TargetSource } from './types';

/** Bytes that tell. */
const HEAD = 64;

export const capturedFiles: TargetSource = {
  name: 'files captured from a machine',
  recognises: (target, files) => {
    if (!SNAPSHOT_NAME.test(target) || files.isDirectory(target)) return false;
    try {
      return files.withParts(target, parts => isCaptureOfFiles(byteString(parts.read(0, HEAD), 0, HEAD)));
    } catch {
      return false;
    }
  },
  open: (target, files) => files.readPackage(target, inside => readInside(target, inside)),
  places: () => null,
};
