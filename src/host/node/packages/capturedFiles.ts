// The files in a capture, as sources of targets read them.
import { gunzipSync } from 'node:zlib';
import { parseCapturedFiles } from '../../../target/capturedFiles';
import { InputError, readBytes } from '../files';

/** Bytes: an image as text and all the rest of it. */
const MOST_CAPTURE = 2 ** 28;
const MOST_CONFIG = 2 ** 24;
const CONFIG = '/proc/config.gz';

/** By absolute path. Throws {@link InputError}. */
export function filesOfCapture(file: string): Map<string, Uint8Array> {
  const text = Buffer.from(readBytes(file, MOST_CAPTURE)).toString('latin1');
  const found = parseCapturedFiles(text, (packed, encoding) => new Uint8Array(Buffer.from(packed, encoding)));
  if ('id' in found) throw new InputError(file, found);
  const { release } = found;
  const files = new Map(found.files);
  const packed = files.get(CONFIG);
  // Where the kernel's own configuration is all there is, it takes the place of the file that distributions install.
  if (packed) files.set(`/boot/config-${release}`, unpacked(packed));
  return files;
}

function unpacked(packed: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(gunzipSync(packed, { maxOutputLength: MOST_CONFIG }));
  } catch {
    // Without it the image tells what it can.
    return new Uint8Array();
  }
}
