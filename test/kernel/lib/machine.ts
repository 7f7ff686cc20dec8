// What the suite needs from the machine it runs on: Debian, root, and a few packages.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { labDir } from './paths';
import { hasProgram, progress, run } from './shell';

const WANTED: readonly (readonly [program: string, packageName: string])[] = [
  ['qemu-system-x86_64', 'qemu-system-x86'],
  ['gcc-12', 'gcc-12'],
  ['make', 'make'],
  ['strip', 'binutils'],
  ['curl', 'curl'],
  ['xz', 'xz-utils'],
  ['debootstrap', 'debootstrap'],
  ['pahole', 'pahole'],
];

/** Installs the packages whose programs are missing: all the suite wants, or those of some programs. */
export function installMissing(programs: readonly string[] = WANTED.map(([program]) => program)): void {
  const missing = WANTED.filter(([program]) => programs.includes(program) && !hasProgram(program)).map(
    ([, packageName]) => packageName,
  );
  if (missing.length === 0) return;
  progress(`installing ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-q'], { env });
  run('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { env });
}

/** A debootstrap of `suite` with a compiler, for kernels that want a newer one than this machine has. */
export function ensureChroot(suite: string): string {
  const root = path.join(labDir(), suite);
  if (existsSync(path.join(root, 'usr/bin/make'))) return root;
  progress(`debootstrap ${suite}`);
  const packages = 'gcc,make,libelf1t64,pahole,libssl3t64';
  run('debootstrap', ['--variant=minbase', `--include=${packages}`, suite, root, archiveUri('main')]);
  return root;
}

/** The address of one of Debian's archives, as this machine's apt has it. */
export function archiveUri(archive: 'main' | 'security'): string {
  const listed = run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Identifier: Packages']);
  const uris = [...new Set(listed.split('\n').filter(uri => uri !== ''))];
  const uri = uris.find(u => u.includes('security') === (archive === 'security'));
  if (uri === undefined) throw new Error(`apt knows no ${archive} archive`);
  return uri.replace(/\/$/, '');
}
