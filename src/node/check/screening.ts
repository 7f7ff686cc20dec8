// One thread's part of looking at all files: it takes the next ones as long as there are any.
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { SymbolNames } from '../../core/graph/symbolNames';
import type { KernelFacts } from '../../core/kernel/types';
import { ColumnBuilder } from '../../core/screen/columns';
import { readLoosely } from '../../core/screen/readLoosely';
import { Screen } from '../../core/screen/screen';
import { screenedKernel } from '../../core/screen/screenedKernel';
import { compressionOf, unpackModule } from '../decompress';
import { inputError } from '../files';
import { verifyPkcs7 } from '../lazyPkcs7';
import type { CheckJob, ScreeningResult, Unreadable } from './job';

/** Files taken at a time: few, so that threads end together, and not one, so that they seldom meet. */
const BATCH = 4;

/** Number of the next file, shared by all threads. */
export type NextFile = Int32Array<SharedArrayBuffer>;

interface TargetScreen {
  readonly facts: KernelFacts;
  readonly screen: Screen | null;
  readonly names: SymbolNames;
  readonly builder: ColumnBuilder;
}

/** @param tell is called now and then with the number of files that were taken */
export async function screenFiles(
  job: CheckJob,
  facts: readonly KernelFacts[],
  next: NextFile,
  tell: (taken: number) => void = () => undefined,
): Promise<ScreeningResult> {
  const targets = facts.map((kernel): TargetScreen => {
    const names = new SymbolNames();
    // Parameters of the loader change what it says of every module.
    const screened = job.cmdline.trim() === '' ? screenedKernel(kernel) : null;
    return {
      facts: kernel,
      screen: screened && new Screen(screened, names, verifyPkcs7, { relocations: job.relocations }),
      names,
      builder: new ColumnBuilder(names),
    };
  });
  const unreadable: Unreadable[] = [];
  const reader = new FileReader();
  for (let first = Atomics.add(next, 0, BATCH); first < job.files.length; first = Atomics.add(next, 0, BATCH)) {
    tell(first);
    for (let module = first; module < Math.min(first + BATCH, job.files.length); module++) {
      const path = job.files[module] ?? '';
      try {
        const packed = reader.read(path);
        // Waiting costs more than looking at a small module: only those wait that have to be unpacked.
        const file = compressionOf(packed) === 'none' ? packed : await unpackModule(path, packed);
        for (const target of targets) look(target, module, path, file);
      } catch (error) {
        unreadable.push({ module, reason: inputError(path, error).message });
      }
    }
  }
  return { columns: targets.map(({ builder, screen }) => builder.columns(screen?.reasons ?? [])), unreadable };
}

function look({ facts, screen, names, builder }: TargetScreen, module: number, path: string, file: Uint8Array): void {
  const found = screen?.examine(file) ?? null;
  builder.add(module, found ?? readLoosely(file, path, facts.exports, names), found !== null);
}

/** Reads one file after the other into the same memory. */
class FileReader {
  private buffer = Buffer.allocUnsafeSlow(1 << 20);

  /** The bytes of a file, valid until the next one is read. Throws what the file system does. */
  read(path: string): Uint8Array {
    // Without waiting: a pipe that is called like a module may never have a writer.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      let length = 0;
      for (;;) {
        const read = readSync(fd, this.buffer, length, this.buffer.length - length, length);
        length += read;
        if (length < this.buffer.length || read === 0) return this.buffer.subarray(0, length);
        this.buffer = Buffer.concat([this.buffer], 4 * this.buffer.length);
      }
    } finally {
      closeSync(fd);
    }
  }
}
