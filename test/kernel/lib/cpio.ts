// Writes the initial ramdisk: a cpio archive in the "newc" form (Documentation/driver-api/early-userspace/buffer-format.rst).

export interface CpioFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** File type and permission bits. */
  readonly mode?: number;
}

const REGULAR_FILE = 0o100644;
const DIRECTORY = 0o040755;
const MAGIC = '070701';

function hex8(value: number): string {
  return value.toString(16).padStart(8, '0').toUpperCase();
}

function padTo4(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}

function entry(ino: number, name: string, mode: number, bytes: Uint8Array): Uint8Array[] {
  const nameBytes = Buffer.from(`${name}\0`);
  const [uid, gid, nlink, mtime, devmajor, devminor, rdevmajor, rdevminor, check] = [0, 0, 1, 0, 0, 0, 0, 0, 0];
  const fields = [
    ino,
    mode,
    uid,
    gid,
    nlink,
    mtime,
    bytes.length,
    devmajor,
    devminor,
    rdevmajor,
    rdevminor,
    nameBytes.length,
    check,
  ];
  const header = Buffer.from(MAGIC + fields.map(hex8).join(''));
  return [header, nameBytes, padTo4(header.length + nameBytes.length), bytes, padTo4(bytes.length)];
}

/** A directory entry for {@link cpioArchive}. */
export function cpioDirectory(name: string): CpioFile {
  return { name, bytes: new Uint8Array(), mode: DIRECTORY };
}

/** The bytes of an archive with these entries, in this order. */
export function cpioArchive(files: readonly CpioFile[]): Uint8Array {
  const parts = files.flatMap((file, i) => entry(i + 1, file.name, file.mode ?? REGULAR_FILE, file.bytes));
  return Buffer.concat([...parts, ...entry(0, 'TRAILER!!!', 0, new Uint8Array())]);
}
