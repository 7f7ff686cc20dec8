// What reading a target needs of the machine it lies on. src/host/node/targetFiles.ts has it of the disk, tests in memory.
import { note, ReasonedError, type Note } from '../findings/notes';
import type { ImageFacts } from './image/imageFacts';
import type { KernelFacts, KnownSigner } from './types';

/** What the command cannot work with: a missing or unreadable file, a target that lacks something. One line. */
export class InputError extends ReasonedError {
  override readonly name = 'InputError';

  /**
   * @param path the file or directory it is about, named first in the message
   * @param reason a string where only a terminal shows it
   */
  constructor(
    readonly path: string,
    reason: Note | string,
  ) {
    super(note('about', { path, reason: typeof reason === 'string' ? note('verbatim', { text: reason }) : reason }));
  }
}

/** Parts of a file that is too large to read whole. */
export interface FileParts {
  readonly size: number;
  /** Up to `length` bytes at `offset`; fewer where the file ends. */
  read(offset: number, length: number): Uint8Array;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** How paths are put together: node:path, or its `posix`. */
export interface PathRules {
  readonly sep: string;
  join(...parts: string[]): string;
  resolve(...parts: string[]): string;
  dirname(path: string): string;
  basename(path: string): string;
  isAbsolute(path: string): boolean;
}

/** What a kernel image tells; its BTF, which is megabytes and which few modules need, when it is asked for. */
export interface ImageReading extends Omit<ImageFacts, 'btf'> {
  readBtf(): Uint8Array | null;
}

export interface TargetFiles {
  readonly path: PathRules;
  /** UTS_RELEASE of the running kernel. */
  readonly runningRelease: string;
  isThere(path: string): boolean;
  /** Whether even looking there could mount the disk of another machine: below the mount point of an automounter. */
  isAutomounted(path: string): boolean;
  isDirectory(path: string): boolean;
  isLink(path: string): boolean;
  /** Where a link leads, as it is written. */
  readLink(path: string): string;
  /** Entries in the order of their names; none where a directory cannot be listed. */
  list(directory: string): readonly DirectoryEntry[];
  /** The bytes of a file, up to `most` of them; null when there is no such file. Throws {@link InputError}. */
  read(path: string, most?: number): Uint8Array | null;
  /** As UTF-8. */
  readText(path: string, most?: number): string | null;
  /** Throws {@link InputError}. */
  withParts<T>(path: string, use: (parts: FileParts) => T): T;
  /** A module, unpacked. Throws {@link InputError}. */
  readModule(path: string): Promise<Uint8Array>;
  /** What a kernel image tells. Throws {@link InputError}. */
  readImage(path: string): Promise<ImageReading>;
  /**
   * What `read` makes of the files in a package of a kernel, and in those beside it that belong to the same kernel. Read
   * again only when one of them changed. Throws {@link InputError}.
   */
  readPackage(path: string, read: (inside: TargetFiles) => Promise<KernelFacts>): Promise<KernelFacts>;
  /** The same of a kernel that is not here, by name; fetched when it is not at hand. Throws {@link InputError}. */
  readNamed(name: string, read: (inside: TargetFiles) => Promise<KernelFacts>): Promise<KernelFacts>;
  /** Unpacks at most `most` bytes, as UTF-8; null when the data is damaged. */
  unpackText(format: 'none' | 'gzip' | 'brotli', bytes: Uint8Array, most: number): string | null;
  /** Who signed, by a signature (PKCS#7). */
  signersOf(pkcs7: Uint8Array): readonly KnownSigner[];
}
