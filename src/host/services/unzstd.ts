// Zstandard in JavaScript, for where there is no other decoder.
import { Decompress } from 'fzstd';
import { note, ReasonedError } from '../../findings/notes';
import { collector } from '../../formats/bytes/packed';

/** At most `limit` bytes. Throws for damaged data, and TooLarge. */
export function unzstd(file: Uint8Array, limit: number): Uint8Array {
  const output = collector(limit);
  let whole = false;
  const stream = new Decompress((piece, final) => {
    output.add(piece);
    whole = final === true;
  });
  stream.push(file, true);
  if (!whole) throw new ReasonedError(note('unexpected-end'));
  return output.join();
}
