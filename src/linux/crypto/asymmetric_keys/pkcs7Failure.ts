// How the kernel's parser refuses a signature.
import type { Note } from '../../../findings/notes';
import type { LogLine } from '../../../findings/types';

export interface Failure {
  readonly ok: false;
  readonly errno: number;
  readonly reason: Note;
  /** What the parser said on its way. */
  readonly log: readonly LogLine[];
}
