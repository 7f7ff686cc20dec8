// Reading thousands of files without taking memory for each.
import { closeSync, readSync } from 'node:fs';
import { note } from '../../../findings/notes';
import { MAX_DECOMPRESSED } from '../../../formats/bytes/packed';
import { InputError, openFile } from '../files';

/** Nearly every module fits. */
const ROOM = 64 << 20;

/** Reads one file after the other into the same memory. */
export class FileReader {
  /** Memory is taken only as far as a file reaches. */
  private buffer = new Uint8Array(ROOM);

  /** The bytes of a file, valid until the next one is read. Throws what the file system does, or InputError. */
  read(path: string): Uint8Array {
    const { fd, size } = openFile(path);
    try {
      if (size > MAX_DECOMPRESSED) throw new InputError(path, note('too-large'));
      let length = 0;
      for (;;) {
        const read = readSync(fd, this.buffer, length, this.buffer.length - length, length);
        length += read;
        if (length < this.buffer.length || read === 0) return this.buffer.subarray(0, length);
        const larger = new Uint8Array(2 * this.buffer.length);
        larger.set(this.buffer);
        this.buffer = larger;
      }
    } finally {
      closeSync(fd);
    }
  }
}
