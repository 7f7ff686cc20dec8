// Writes an initial ramdisk: a cpio archive in the "newc" form (Documentation/driver-api/early-userspace/buffer-format.rst).

export interface CpioFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** File type and permission bits. */
  readonly mode?: number;
  /** Numbers of a device. */
  readonly device?: readonly [major: number, minor: number];
}

const REGULAR_FILE = 0o100644;
const DIRECTORY = 0o040755;
const CHARACTER_DEVICE = 0o020600;
const MAGIC = '070701';
const NOTHING = new Uint8Array();

function hex8(value: number): string {
  return value.toString(16).padStart(8, '0').toUpperCase();
}

function padTo4(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}

function entry(ino: number, { name, bytes, mode = REGULAR_FILE, device = [0, 0] }: CpioFile): Uint8Array[] {
  const nameBytes = Buffer.from(`${name}\0`);
  const [uid, gid, nlink, mtime, devmajor, devminor, check] = [0, 0, 1, 0, 0, 0, 0];
  const [rdevmajor, rdevminor] = device;
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

/** A directory for {@link cpioArchive}. */
export function cpioDirectory(name: string): CpioFile {
  return { name, bytes: NOTHING, mode: DIRECTORY };
}

/** A character device for {@link cpioArchive}. */
export function cpioDevice(name: string, major: number, minor: number): CpioFile {
  return { name, bytes: NOTHING, mode: CHARACTER_DEVICE, device: [major, minor] };
}

/** The bytes of an archive with these entries, in this order. */
export function cpioArchive(files: readonly CpioFile[]): Uint8Array {
  const parts = files.flatMap((file, i) => entry(i + 1, file));
  return Buffer.concat([...parts, ...entry(0, { name: 'TRAILER!!!', bytes: NOTHING, mode: 0 })]);
}
