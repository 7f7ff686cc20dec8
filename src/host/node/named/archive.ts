// A suite of an archive of Debian's form: its signed list of files, and the packages that its indexes name.
// Sources: https://wiki.debian.org/DebianRepository/Format, deb822(5).
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { note } from '../../../findings/notes';
import { InputError, isThere } from '../files';
import { unpackedStream } from '../packages/unpackedStream';
import { fetchFile, type DownloadListener } from './fetching';

export interface ListedPackage {
  readonly name: string;
  readonly version: string;
  /** As the index has it; empty without any. */
  readonly depends: string;
  /** Below the mirror. */
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
}

export interface Archive {
  /** http, https, file, or a directory; no slash at the end. */
  readonly uri: string;
  /** File of the keys that sign it; null for those of the distribution. */
  readonly signedBy: string | null;
}

export interface Fetching {
  /** A temporary directory, which the caller removes. */
  readonly scratch: string;
  readonly listener: DownloadListener;
  readonly signal: AbortSignal | null;
  /** Hears what could not be verified. */
  readonly warn: (line: string) => void;
}

/**
 * The packages of a suite for an architecture that `wanted` takes by name; null for a suite the archive does not have. Throws
 * {@link InputError} for an index that is not what its keys or sums say.
 */
export async function packagesOfSuite(
  archive: Archive,
  suite: string,
  architecture: string,
  wanted: (name: string) => boolean,
  fetching: Fetching,
): Promise<ListedPackage[] | null> {
  const release = await inRelease(archive, suite, fetching);
  if (release === null) return null;
  const index = ['xz', 'gz']
    .map(suffix => `main/binary-${architecture}/Packages.${suffix}`)
    .find(file => release.sums.has(file));
  const expected = index === undefined ? undefined : release.sums.get(index);
  if (index === undefined || !expected) return [];
  const to = path.join(fetching.scratch, `${suite}-${architecture}-${path.basename(index)}`);
  const file = `dists/${suite}/${index}`;
  // While a mirror is being updated, only the name that is the sum leads to the index that was signed.
  const bySum = `${path.posix.dirname(file)}/by-hash/SHA256/${expected.sha256}`;
  // Progress shows the index by its name, because a checksum means nothing to a reader.
  const listener: DownloadListener = (_sum, done, total) => fetching.listener(`${suite}/${index}`, done, total);
  if (!release.byHash || !(await fetchFile(archive.uri, bySum, { ...fetching, listener, expected, to })))
    await fetchListed(archive, { file, ...expected }, to, fetching);
  return parsePackages(unpackedStream(to, 0), wanted);
}

/** Fetches a file that an index names. Throws {@link InputError}. */
export async function fetchListed(
  { uri }: Archive,
  { file, ...expected }: { readonly file: string; readonly size: number; readonly sha256: string },
  to: string,
  fetching: Fetching,
): Promise<void> {
  if (await fetchFile(uri, file, { ...fetching, expected, to })) return;
  throw new InputError(`${uri}/${file}`, note('no-such-file'));
}

interface Release {
  /** By file, below the suite. */
  readonly sums: ReadonlyMap<string, { readonly size: number; readonly sha256: string }>;
  /** Whether indexes are there under the names of their sums too (Acquire-By-Hash). */
  readonly byHash: boolean;
}

/** Null where there is no such suite. */
async function inRelease({ uri, signedBy }: Archive, suite: string, fetching: Fetching): Promise<Release | null> {
  const to = path.join(fetching.scratch, `${suite}-InRelease`);
  const place = `dists/${suite}/InRelease`;
  if (!(await fetchFile(uri, place, { ...fetching, expected: null, to }))) return null;
  verify(`${uri}/${place}`, to, signedBy, fetching);
  const sums = new Map<string, { size: number; sha256: string }>();
  const [head = '', listed = ''] = readFileSync(to, 'utf8').split(/^SHA256:\s*$/m);
  for (const [, sha256 = '', size = '', file = ''] of listed.matchAll(/^ ([0-9a-f]{64})\s+(\d+)\s+(\S+)$/gm))
    sums.set(file, { size: Number(size), sha256 });
  return { sums, byHash: /^Acquire-By-Hash: yes$/m.test(head) };
}

/** The keys of Debian, where its packages put them. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

function verify(shown: string, file: string, signedBy: string | null, { warn }: Fetching): void {
  const keyring = [signedBy, KEYRING].find(each => each !== null && isThere(each));
  if (!keyring) {
    warn(`${shown} was not verified: no keyring of the distribution is here`);
    return;
  }
  const { status, error } = spawnSync('gpgv', ['--quiet', '--keyring', keyring, file], { stdio: 'ignore' });
  if (error) warn(`${shown} was not verified: gpgv is not here`);
  else if (status !== 0) throw new InputError(shown, note('not-signed', { keyring }));
}

/** Of each stanza the fields that matter. */
async function parsePackages(
  bytes: AsyncIterable<Uint8Array>,
  wanted: (name: string) => boolean,
): Promise<ListedPackage[]> {
  const found: ListedPackage[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  const take = (stanza: string): void => {
    const name = /^Package: (\S+)$/m.exec(stanza)?.[1];
    if (name === undefined || !wanted(name)) return;
    const field = (key: string): string => new RegExp(`^${key}: (\\S+)$`, 'm').exec(stanza)?.[1] ?? '';
    const [version, file, sha256] = [field('Version'), field('Filename'), field('SHA256')];
    const depends = /^Depends: (.*)$/m.exec(stanza)?.[1] ?? '';
    if (file !== '' && sha256 !== '') found.push({ name, version, depends, file, size: Number(field('Size')), sha256 });
  };
  for await (const piece of bytes) {
    const stanzas = (rest + decoder.decode(piece, { stream: true })).split('\n\n');
    rest = stanzas.pop() ?? '';
    for (const stanza of stanzas) take(stanza);
  }
  take(rest);
  return found;
}
