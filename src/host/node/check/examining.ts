// One thread's part of looking at all files: it takes the next ones as long as there are any.
import { availableParallelism } from 'node:os';
import type { KernelFacts } from '../../../target/types';
import { ColumnBuilder } from '../../../graph/tree/columns';
import { Examiner } from '../../../graph/tree/examine';
import type { Packing } from '../../../linux/kernel/module/loadOptions';
import { BootedKernel } from '../../../linux/kernel/module/bootedKernel';
import { compressionOf } from '../../../formats/bytes/packed';
import { packingOf } from '../decompress';
import { inputError } from '../files';
import { verifyPkcs7 } from '../lazyPkcs7';
import type { CheckJob, LoadAnswer, ExaminingResult, Unreadable } from './job';
import { FileReader } from './fileReader';
import { answerOf } from './loading';
import { isSpent, spend, unpackWithin } from './unpackBudget';
import { XzProgram } from './xzProgram';

/** Files taken at a time: few, so that threads end together, and not one, so that they seldom meet. */
const BATCH = 4;

/** Started for that many files at a time, a program costs little. */
const XZ_BATCH = 64;

/** Number of the next file, shared by all threads. */
export type NextFile = Int32Array;

interface TargetExaminer {
  readonly examiner: Examiner;
  readonly builder: ColumnBuilder;
}

/** Where a thread gets files from: it takes those that no other took, or all. */
export type FileSource =
  | { readonly kind: 'shared'; readonly next: NextFile }
  /** Unpacked by these at the same time. */
  | { readonly kind: 'xz'; readonly programs: readonly XzProgram[] };

/**
 * As many as are of use for so many files: one more than there are cores, so that none waits while files are looked at. None where
 * no file can be made for what they unpack.
 */
export function xzPrograms(files: number): XzProgram[] {
  const length = Math.min(availableParallelism() + 1, Math.ceil(files / XZ_BATCH));
  const programs: XzProgram[] = [];
  try {
    while (programs.length < length) programs.push(new XzProgram());
  } catch {
    // Those that are there do the work of all.
  }
  return programs;
}

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
      const file = compressionOf(packed) === 'none' ? packed : await unpackWithin(job.budget, path, packed);
      if (ahead) spend(job.budget, ahead.length);
      const packing = packingOf(packed);
      for (const [t, target] of targets.entries()) {
        const answer = await look(target, t, module, path, file, packing);
        if (answer) answers.push(answer);
      }
    } catch (error) {
      unreadable.push({ module, reason: inputError(path, error).message });
    }
  };
  const { length } = job.files;
  if (source.kind === 'xz') {
    await eachUnpacked(job, source.programs, lookAt, tell);
  } else {
    for (let first = 0; (first = Atomics.add(source.next, 0, BATCH)) < length;) {
      tell(first);
      for (let module = first; module < Math.min(first + BATCH, length); module++) await lookAt(module, null);
    }
  }
  return { columns: targets.map(({ builder }) => builder.columns()), answers, unreadable };
}

async function eachUnpacked(
  { files, budget }: CheckJob,
  programs: readonly XzProgram[],
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
      const contents = isSpent(budget) ? packed.map(() => null) : await program.unpack(packed);
      for (const [i, unpacked] of contents.entries()) await lookAt(first + i, unpacked);
    }
  };
  await Promise.all(programs.map(take));
}

function targetExaminer(job: CheckJob, facts: KernelFacts): TargetExaminer {
  const kernel = new BootedKernel(facts);
  return { examiner: new Examiner(kernel, verifyPkcs7, job), builder: new ColumnBuilder(kernel.names) };
}

/** Notes what a module imports and exports; and the answer of the loader, where it is final already. */
async function look(
  { examiner, builder }: TargetExaminer,
  target: number,
  module: number,
  path: string,
  file: Uint8Array,
  packing: Packing,
): Promise<LoadAnswer | null> {
  const verdict = examiner.examine(file, packing);
  if (verdict.kind === 'passes') {
    builder.add(module, verdict.examined, true);
    return null;
  }
  builder.add(module, examiner.needsOf(verdict, file, path), false);
  return verdict.kind === 'open' ? null : answerOf(target, module, path, verdict.load, verdict.outcome, file);
}
