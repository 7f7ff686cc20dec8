// xz(1) for whole trees and for images, where it is installed: it unpacks many files at once, in half the time of a library.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { plainXz } from '../../../formats/image/xzStream';
import { MAX_DECOMPRESSED, MOST_KERNEL } from '../../../formats/bytes/packed';
import { isForeignXzCheck } from '../../../linux/kernel/module/moduleDecompress';
import { isThere, openFile } from '../files';
import { toOs } from '../osPath';

/** Bytes that are unpacked in one go; files that do not fit are left to the library. */
const MOST = 64 << 20;

/** Whether the program can be started at all. Not where systems look for programs in the current directory first. */
export const hasXz = (): boolean =>
  process.platform !== 'win32' && spawnSync('xz', ['--version'], { stdio: 'ignore' }).status === 0;

/**
 * A shell that starts xz(1) whenever there are files for it. It is started once, while this process is small: a process that has
 * started another finds each page of its memory shared, and pays for it with a fault when it writes there next.
 */
export class XzProgram {
  /** What was unpacked last: memory that was used before costs less. */
  private room = new Uint8Array();
  /** Files without names: the system removes them when this process and the shell have ended. */
  private readonly files: UnnamedFiles;
  private readonly child: ChildProcess;
  /** Takes the status of what was asked for last. */
  private tell: (status: number | null) => void = () => undefined;
  private ended = false;

  /** Throws what the file system does when no file can be made. */
  constructor() {
    const { output, list } = (this.files = unnamedFiles());
    this.child = spawn('sh', ['-c', SERVE, 'sh', ...DECOMPRESS], { stdio: ['pipe', 'pipe', 'ignore', output, list] });
    this.child.stdout?.on('data', (line: Buffer) => this.tell(Number(line.toString('latin1'))));
    // A shell that is gone does not read.
    this.child.stdin?.on('error', () => undefined);
    for (const end of ['error', 'close'])
      this.child.on(end, () => {
        this.ended = true;
        this.tell(null);
      });
  }

  /**
   * Unpacks files (.xz) in turn; null for each when they did not come out as their indexes say. Damage is for the caller
   * to find and to name. What is returned is valid until the next call, which has to wait for this one.
   */
  async unpack(paths: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    const sizes = paths.map(unpackedSize);
    const total = sizes.reduce((sum: number, size) => sum + (size ?? MOST + 1), 0);
    const contents = total > MOST ? null : await this.run(total, paths);
    let start = 0;
    return sizes.map(size => contents?.subarray(start, (start += size ?? 0)) ?? null);
  }

  /** Lets the shell end. */
  close(): void {
    this.ended = true;
    this.child.stdin?.end();
    for (const fd of Object.values(this.files)) closeSync(fd);
  }

  /** Through a file: what goes through a pipe is copied once more, in small pieces. */
  private async run(total: number, paths: readonly string[]): Promise<Uint8Array | null> {
    // Another file may have these descriptors by now.
    if (this.ended) return null;
    const { output, list } = this.files;
    const names = Buffer.concat(paths.flatMap(path => [Buffer.from(toOs(path)), NUL]));
    for (const fd of [output, list]) ftruncateSync(fd);
    if (!isWritten(list, names)) return null;
    if ((await this.statusOf(total)) !== 0 || this.ended || fstatSync(output).size !== total) return null;
    if (this.room.length < total) this.room = new Uint8Array(2 * total);
    return readSync(output, this.room, 0, total, 0) === total ? this.room.subarray(0, total) : null;
  }

  private statusOf(total: number): Promise<number | null> {
    return new Promise(resolve => {
      this.tell = resolve;
      this.child.stdin?.write(`${limitOf(total)}\n`);
    });
  }
}

const NUL = Buffer.alloc(1);

/** Whether there was room for it. */
function isWritten(fd: number, bytes: Uint8Array): boolean {
  try {
    return writeSync(fd, bytes, 0, bytes.length, 0) === bytes.length;
  } catch {
    return false;
  }
}

/** Descriptors. */
interface UnnamedFiles {
  /** What is written to it goes to its end. */
  readonly output: number;
  readonly list: number;
}

function unnamedFiles(): UnnamedFiles {
  const directory = mkdtempSync(path.join(isThere(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir(), 'insmod-lens-'));
  try {
    const open = (name: string, flags: string): number => openSync(path.join(directory, name), flags, 0o600);
    return { output: open('unpacked', 'ax+'), list: open('names', 'wx+') };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * For each line, which is a limit, xz unpacks the files whose names are in descriptor 4, to descriptor 3. Names never become text
 * of a command, and xz takes none for an option.
 */
const SERVE =
  'while read -r most; do (ulimit -f "$most" && exec xz "$@" --files0=/dev/fd/4 >&3 </dev/null); echo "$?"; done';

/** Unit of `ulimit -f` (POSIX, sh). */
const BLOCK = 512;

/**
 * The shell only sets a limit and becomes xz: no more is written than the indexes promised, even when this process is gone. What
 * it is given are arguments, never text of a command, and nothing after -- is taken for an option.
 */
const LIMITED = 'ulimit -f "$0" && exec xz "$@"';

/** For `ulimit -f`: one block more than promised, which shows that more came. */
const limitOf = (promised: number): string => String(Math.ceil(promised / BLOCK) + 1);

/** Bytes: a dictionary of 64 MiB, and a little beside it. */
const MOST_MEMORY = 66 << 20;

/** --no-sparse: zeros count like other bytes. The limit of memory is that of the library, which takes over what does not fit. */
const DECOMPRESS: readonly string[] = [
  ...['--decompress', '--stdout', '--format=xz', '--no-sparse'],
  `--memlimit-decompress=${MOST_MEMORY}`,
];

/**
 * Unpacks the xz stream at the start of `packed` into a file, with the program; bytes behind the stream are ignored. It takes a
 * third of the time of the library and does not block this process.
 * @returns false where the program is missing, or its output has another size than the index of the stream says: then the
 * library is to be used
 */
export async function xzToFile(packed: Uint8Array, file: string): Promise<boolean> {
  const size = plainXz(packed)?.unpacked;
  if (size === undefined || size > MOST_KERNEL || process.platform === 'win32') return false;
  const fd = openSync(file, 'w', 0o600);
  try {
    return (await statusOfStream(packed, fd, size)) === 0 && fstatSync(fd).size === size;
  } finally {
    closeSync(fd);
  }
}

function statusOfStream(packed: Uint8Array, output: number, size: number): Promise<number | null> {
  return new Promise(resolve => {
    const child = spawn('sh', ['-c', LIMITED, limitOf(size), ...DECOMPRESS, '--single-stream'], {
      stdio: ['pipe', output, 'ignore'],
    });
    child.on('error', () => resolve(null));
    child.on('close', resolve);
    // It reads no further than to the end of the stream.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(packed);
  });
}

/** A directory that is no disk. */
const SHARED_MEMORY = '/dev/shm';

/** Size of the stream footer (The .xz File Format, 2.1.2). */
const FOOTER = 12;
/** The same flag as in the header of the stream. */
const FOOTER_CHECK = 9;

/** Bytes a file of one stream unpacks to, by the index before its footer; null when there is something odd about it. */
function unpackedSize(path: string): number | null {
  let fd: number | null = null;
  try {
    const file = openFile(path);
    const { size } = file;
    fd = file.fd;
    const footer = Buffer.alloc(FOOTER);
    if (readSync(fd, footer, 0, FOOTER, size - FOOTER) !== FOOTER || footer.toString('latin1', 10) !== 'YZ')
      return null;
    // A kernel refuses this check. That is found in the first bytes of the file, which only the library's path keeps.
    if (isForeignXzCheck(footer[FOOTER_CHECK])) return null;
    const indexSize = (footer.readUInt32LE(4) + 1) * 4;
    if (indexSize > size || indexSize > MAX_INDEX) return null;
    const index = Buffer.alloc(indexSize);
    readSync(fd, index, 0, indexSize, size - FOOTER - indexSize);
    return sizeInIndex(index);
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** Far more blocks than a module is packed in. */
const MAX_INDEX = 1 << 16;

/** Sum of the uncompressed sizes of all blocks (The .xz File Format, 4). */
function sizeInIndex(index: Buffer): number | null {
  let at = 1;
  const number = (): number => {
    let value = 0;
    for (let factor = 1; at < index.length; factor *= 128) {
      const byte = index[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    return value;
  };
  let total = 0;
  for (let blocks = number(); blocks > 0 && at < index.length; blocks--) {
    number();
    total += number();
  }
  return total <= MAX_DECOMPRESSED ? total : null;
}
