// The same sources make the same .vsix, wherever, whenever and by whomever it is built.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { repositoryRoot } from '../kernel/lib/paths';
import { environment } from '../support/command';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

/** What is built or fetched, or takes long to copy and is not part of the package. */
const LEFT_OUT = new Set(['node_modules', 'dist', '.build', '.git', '.lab', 'test']);

interface Builder {
  readonly place: string;
  readonly zone: string;
  readonly umask: number;
  /** When the sources were checked out. */
  readonly seconds: number;
}

/** The SHA-256 of the package, built from a copy of the sources. */
function build({ place, zone, umask, seconds }: Builder): string {
  const copy = path.join(directory, place);
  const before = process.umask(umask);
  try {
    mkdirSync(copy, { recursive: true });
    for (const name of readdirSync(repositoryRoot()).filter(each => !LEFT_OUT.has(each) && !each.endsWith('.vsix')))
      cpSync(path.join(repositoryRoot(), name), path.join(copy, name), { recursive: true });
    symlinkSync(path.join(repositoryRoot(), 'node_modules'), path.join(copy, 'node_modules'));
    for (const name of ['README.md', 'package.json']) utimesSync(path.join(copy, name), seconds, seconds);
    const env = { ...environment(), TZ: zone };
    execFileSync(process.execPath, ['scripts/package.mjs'], { cwd: copy, env, stdio: ['ignore', 'pipe', 'inherit'] });
  } finally {
    process.umask(before);
  }
  const [vsix = ''] = readdirSync(copy).filter(name => name.endsWith('.vsix'));
  return createHash('sha256')
    .update(readFileSync(path.join(copy, vsix)))
    .digest('hex');
}

test('built twice, the .vsix is equal byte for byte', () => {
  const one = build({ place: 'a', zone: 'UTC', umask: 0o022, seconds: 1_600_000_000 });
  const other = build({ place: 'b', zone: 'America/Los_Angeles', umask: 0o077, seconds: 1_700_000_000 });
  assert.equal(other, one);
});
