// Where the suite keeps things. Everything fetched or built on the way lives in the lab directory, outside version control.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The repository: the nearest folder above the running file or the working directory that holds package.json. */
export function repositoryRoot(): string {
  let dir = process.cwd();
  while (!existsSync(path.join(dir, 'package.json')) && path.dirname(dir) !== dir) dir = path.dirname(dir);
  return dir;
}

/** Fetched kernels and toolchains: `.lab/`, or where LAB_DIR says. */
export function labDir(): string {
  return path.resolve(process.env['LAB_DIR'] ?? path.join(repositoryRoot(), '.lab'));
}

export function kernelTestDir(): string {
  return path.join(repositoryRoot(), 'test', 'kernel');
}

export function recordedRoot(): string {
  return path.join(kernelTestDir(), 'recorded');
}

/** Where recordings of other architectures than x86_64 are. */
export function archRecordedRoot(): string {
  return path.join(kernelTestDir(), 'arch', 'recorded');
}

export function recordedDir(release: string): string {
  return path.join(release.endsWith('-amd64') ? recordedRoot() : archRecordedRoot(), release);
}

export function fixturesDir(release: string): string {
  return path.join(recordedDir(release), 'fixtures');
}

export function casesFile(release: string): string {
  const name = release.endsWith('-amd64') ? 'cases.jsonl' : 'cases.jsonl.br';
  return path.join(recordedDir(release), name);
}

/** Releases that have a recording. */
export function recordedReleases(): string[] {
  return releasesIn(recordedRoot());
}

/** The same of other architectures. */
export function archRecordedReleases(): string[] {
  return releasesIn(archRecordedRoot());
}

function releasesIn(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root).filter(name => existsSync(casesFile(name)));
}
