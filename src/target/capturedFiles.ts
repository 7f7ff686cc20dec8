// What `insmod-lens capture --script` prints on a machine without Node.js: files of its kernel in JSON.
import { note, type Note } from '../findings/notes';
import { isRecord } from './snapshot';

/** How such a file begins: see src/host/cli/captureFiles.sh. */
const BEGINNING = /^\s*\{"schema":1,"kind":"files"/;

/** Whether the first bytes of a file are those of a capture of files. */
export const isCaptureOfFiles = (head: string): boolean => BEGINNING.test(head);

/**
 * The files by absolute path, as `decode` makes them from text in the given encoding; a note says what is wrong. Never throws if
 * `decode` does not.
 */
export function parseCapturedFiles(
  text: string,
  decode: (text: string, encoding: 'base64' | 'hex') => Uint8Array,
): ReadonlyMap<string, Uint8Array> | Note {
  const json = parsed(text);
  if (!isRecord(json) || !isRecord(json['files'])) return note('no-json');
  const { encoding, files } = json;
  if (encoding !== 'base64' && encoding !== 'hex') return note('snapshot-incomplete');
  const entries = Object.entries(files).flatMap(([place, contents]) =>
    typeof contents === 'string' && place.startsWith('/') ? [[place, decode(contents, encoding)] as const] : [],
  );
  return new Map(entries);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
