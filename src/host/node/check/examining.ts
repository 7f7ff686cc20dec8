// One thread's part of looking at all files: it takes the next ones as long as there are any.
import { note } from '../../../findings/notes';
import { closeSync, readSync } from 'node:fs';
import type { KernelFacts } from '../../../target/types';
import { ColumnBuilder } from '../../../graph/tree/columns';
import { readLoosely } from '../../../graph/tree/readLoosely';
import { Examiner } from '../../../graph/tree/examine';
import { BootedKernel } from '../../../linux/kernel/module/bootedKernel';
import type { Kernel } from '../../../linux/kernel/module/types';
import { compressionOf, MAX_DECOMPRESSED } from '../../../formats/bytes/packed';
import { unpackModule } from '../decompress';
import { InputError, inputError, openFile } from '../files';
import { verifyPkcs7 } from '../lazyPkcs7';
import { toResult } from '../../../report/result';
import type { CheckJob, LoadAnswer, ExaminingResult, Unreadable } from './job';
import { answerOf } from './loading';
import { XzProgram } from './xzProgram';

/** Files taken at a time: few, so that threads end together, and not one, so that they seldom meet. */
const BATCH = 4;

/** Started for that many files at a time, a program costs little. */
const XZ_BATCH = 64;

/** Nearly every module fits. */
const ROOM = 64 << 20;

/** Number of the next file, shared by all threads. */
export type NextFile = Int32Array;

interface TargetExaminer {
  readonly kernel: Kernel;
  readonly examiner: Examiner;
  readonly builder: ColumnBuilder;
}

/** Where a thread gets files from: it takes those that no other took, or all. */
export type FileSource =
  | { readonly kind: 'shared'; readonly next: NextFile }
  /** Unpacked by that many programs at a time. */
  | { readonly kind: 'xz'; readonly programs: number };

/** @param tell is called now and then with the number of files that were taken */
export async function examineFiles(
  job: CheckJob,
  facts: readonly KernelFacts[],
  source: FileSource,
  tell: (taken: number) => void = () => undefined,
): Promise<ExaminingResult> {
  const targets = facts.map(kernel => targetExaminer(job, kernel));
  const unreadable: Unreadable[] = [];
  const answers: LoadAnswer[] = [];
  const reader = new FileReader();
  const lookAt = async (module: number, ahead: Uint8Array | null): Promise<void> => {
    const path = job.files[module] ?? '';
    try {
      const packed = ahead ?? reader.read(path);
      // Waiting costs more than looking at a small module: only those wait that have to be unpacked.
      const file = compressionOf(packed) === 'none' ? packed : await unpackModule(path, packed);
      for (const [t, target] of targets.entries()) {
        const answer = await look(target, t, module, path, file);
        if (answer) answers.push(answer);
      }
    } catch (error) {
      unreadable.push({ module, reason: inputError(path, error).message });
    }
  };
  const { length } = job.files;
  if (source.kind === 'xz') {
    await eachUnpacked(job.files, source.programs, lookAt, tell);
  } else {
    for (let first = 0; (first = Atomics.add(source.next, 0, BATCH)) < length;) {
      tell(first);
      for (let module = first; module < Math.min(first + BATCH, length); module++) await lookAt(module, null);
    }
  }
  return { columns: targets.map(({ builder }) => builder.columns()), answers, unreadable };
}

async function eachUnpacked(
  files: readonly string[],
  programs: number,
  lookAt: (module: number, unpacked: Uint8Array | null) => Promise<void>,
  tell: (taken: number) => void,
): Promise<void> {
  let next = 0;
  const take = async (program: XzProgram): Promise<void> => {
    while (next < files.length) {
      const first = next;
      next += XZ_BATCH;
      tell(first);
      const packed = files.slice(first, first + XZ_BATCH);
      for (const [i, unpacked] of (await program.unpack(packed)).entries()) await lookAt(first + i, unpacked);
    }
  };
  await Promise.all(Array.from({ length: programs }, () => take(new XzProgram())));
}

function targetExaminer(job: CheckJob, facts: KernelFacts): TargetExaminer {
  const kernel = new BootedKernel(facts);
  return { kernel, examiner: new Examiner(kernel, verifyPkcs7, job), builder: new ColumnBuilder(kernel.names) };
}

/** Notes what a module imports and exports; and the answer of the loader, where it is final already. */
async function look(
  { kernel, examiner, builder }: TargetExaminer,
  target: number,
  module: number,
  path: string,
  file: Uint8Array,
): Promise<LoadAnswer | null> {
  const verdict = examiner.examine(file);
  if (verdict.kind === 'passes') {
    builder.add(module, verdict.examined, true);
    return null;
  }
  const result = verdict.kind === 'answered' ? toResult(verdict.load, verdict.outcome, path) : null;
  builder.add(module, readLoosely(file, path, kernel), false);
  return result && answerOf(target, module, result, file);
}

/** Reads one file after the other into the same memory. */
class FileReader {
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
