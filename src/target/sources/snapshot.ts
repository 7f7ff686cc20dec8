// A captured kernel in one file: .json, .json.gz, .json.br.
import { note } from '../../findings/notes';
import { InputError, type TargetFiles } from '../files';
import { MAX_SNAPSHOT, parseSnapshot, SNAPSHOT_NAME } from '../snapshot';
import type { KernelFacts } from '../types';
import type { TargetSource } from './types';

export const snapshot: TargetSource = {
  name: 'snapshot',
  recognises: (target, files) => SNAPSHOT_NAME.test(target) && !files.isDirectory(target),
  open: async (target, files) => readSnapshot(target, files),
  places: () => null,
};

/** Reads a snapshot; the end of its name tells how it is compressed. Throws {@link InputError}. */
export function readSnapshot(file: string, files: TargetFiles): KernelFacts {
  const result = parseSnapshot(textOf(file, files));
  if (!result.ok) throw new InputError(file, result.reason);
  return result.facts;
}

function textOf(file: string, files: TargetFiles): string {
  const bytes = files.read(file);
  if (!bytes) throw new InputError(file, note('no-such-file'));
  if (bytes.length > MAX_SNAPSHOT) throw new InputError(file, note('too-large'));
  const format = file.endsWith('.gz') ? 'gzip' : file.endsWith('.br') ? 'brotli' : 'none';
  const text = files.unpackText(format, bytes, MAX_SNAPSHOT);
  if (text === null) throw new InputError(file, note('compressed-corrupted'));
  return text;
}
