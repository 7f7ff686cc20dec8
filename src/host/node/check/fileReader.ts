// Reading thousands of files without taking memory for each.
import { closeSync, readSync } from 'node:fs';
import { note } from '../../../findings/notes';
import { MAX_DECOMPRESSED } from '../../../formats/bytes/packed';
import { InputError, openFile } from '../files';

/** Nearly every module fits. */
const ROOM = 64 << 20;

/** Reads one file after the other into the same memory. */
export class FileReader {
  /** Memory is taken only as far as files reach into it. */
  private readonly buffer = new Uint8Array(ROOM);

  /** The bytes of a file, valid until the next one is read. Throws what the file system does, or InputError. */
  read(path: string): Uint8Array {
    const { fd, size } = openFile(path);
    try {
      if (size > MAX_DECOMPRESSED) throw new InputError(path, note('too-large'));
      // What hardly ever comes is not kept. A file that grows meanwhile is read as far as it was.
      const buffer = size <= this.buffer.length ? this.buffer : new Uint8Array(size);
      let length = 0;
      for (let read = -1; read !== 0 && length < size; length += read)
        read = readSync(fd, buffer, length, size - length, length);
      return buffer.subarray(0, length);
    } finally {
      closeSync(fd);
    }
  }
}
