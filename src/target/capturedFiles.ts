// What `insmod-lens capture --script` prints on a machine without Node.js: files of its kernel in JSON.
import { note, type Note } from '../findings/notes';
import { byteString } from '../formats/bytes/strings';
import type { FileParts } from './files';
import { isRecord } from './snapshot';

/** How such a file begins: see src/host/cli/captureFiles.sh. */
const BEGINNING = /^\s*\{"schema":1,"kind":"files"/;

/** Bytes of a file that {@link isCaptureOfFiles} looks at. */
const HEAD = 64;

/** Whether a file begins like a capture of files. */
export function isCaptureOfFiles({ read }: FileParts): boolean {
  return BEGINNING.test(byteString(read(0, HEAD), 0, HEAD));
}

export interface CapturedFiles {
  /** UTS_RELEASE of the machine's kernel. */
  readonly release: string;
  /** By absolute path on that machine. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads the text of a capture. `decode` turns a file's text in the given encoding into its bytes. Returns a note if the text is
 * damaged. Never throws if `decode` does not.
 */
export function parseCapturedFiles(
  text: string,
  decode: (text: string, encoding: 'base64' | 'hex') => Uint8Array,
): CapturedFiles | Note {
  const json = parsed(text);
  if (!isRecord(json) || !isRecord(json['files'])) return note('no-json');
  const { encoding, files, release } = json;
  if ((encoding !== 'base64' && encoding !== 'hex') || typeof release !== 'string') return note('snapshot-incomplete');
  const entries = Object.entries(files).flatMap(([place, contents]) =>
    typeof contents === 'string' && place.startsWith('/') ? [[place, decode(contents, encoding)] as const] : [],
  );
  return { release, files: new Map(entries) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
