// What lies in a package of a distribution, one entry after the other: .deb, .rpm, and packed tar archives as Arch's are.
import { Readable } from 'node:stream';
import { concat } from '../../../formats/bytes/concat';
import { arMembers } from '../../../formats/archive/ar';
import { rpmPayload } from '../../../formats/archive/rpm';
import { note } from '../../../findings/notes';
import { InputError, withFileParts } from '../files';
import { cpioEntries } from './cpioEntries';
import type { PackageEntry } from './packageEntry';
import { Pieces } from './pieces';
import { unpackedStream } from './unpackedStream';

/** Throws {@link InputError}, also while it is read. */
export function packageEntries(file: string): AsyncIterable<PackageEntry> {
  const { members, payload } = withFileParts(file, parts => {
    const read = (offset: number, length: number): Uint8Array => parts.read(offset, length);
    return { members: arMembers(read), payload: rpmPayload(read) };
  });
  if (payload !== null) return cpioEntries(piecesOf(unpackedStream(file, payload)));
  if (!members) return tarEntries(file, unpackedStream(file, 0));
  // deb(5): the files are in data.tar, packed in one of several ways.
  const data = members.find(({ name }) => /^data\.tar\b/.test(name));
  if (!data) throw new InputError(file, note('no-package'));
  return tarEntries(file, unpackedStream(file, data.start, data.start + data.size));
}

const piecesOf = (bytes: AsyncIterable<Uint8Array>): Pieces => new Pieces(bytes[Symbol.asyncIterator]());

async function* tarEntries(file: string, bytes: AsyncIterable<Uint8Array>): AsyncIterable<PackageEntry> {
  const { extract } = await import('tar-stream');
  const entries = extract();
  const source = Readable.from(bytes, { objectMode: false });
  source.on('error', error => entries.destroy(error));
  try {
    for await (const entry of source.pipe(entries)) {
      const { name, size = 0, type } = entry.header;
      yield { name, size, isFile: type === 'file', read: () => wholeOf(entry as AsyncIterable<Uint8Array>) };
      entry.resume();
    }
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(file, note('no-package'));
  } finally {
    source.destroy();
  }
}

async function wholeOf(entry: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of entry) parts.push(part);
  return concat(parts);
}
