// Examples of what is said of a tree of modules rather than of one load.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CheckReport } from '../../src/report/check/types';
import type { KoFile } from '../kernel/lib/koFile';
import type { Patch } from '../kernel/lib/recipe';
import { insmodLens } from '../support/command';
import { fixture, moduleFile, releaseOf, snapshotOf, type Generation } from '../support/recorded';
import type { Made } from './made';

type TreeFile = { readonly file: string } & (
  { readonly fixture: string; readonly patches?: (ko: KoFile) => readonly Patch[] } | { readonly text: string }
);

/** A tree that is made for it and checked. */
export function checked(about: string, files: readonly TreeFile[]): Made {
  return run(about, files, 'insmod-lens check', directory => ['check', directory]);
}

/** Modules made for it, of which one is loaded after those it needs. */
export function withDependencies(about: string, module: string, files: readonly TreeFile[]): Made {
  const command = `insmod-lens insmod --with-dependencies ${module}`;
  return run(about, files, command, directory => ['insmod', '--with-dependencies', path.join(directory, module)]);
}

function contentsOf(kernel: Generation, file: TreeFile): Uint8Array | string {
  if ('text' in file) return file.text;
  const ko = fixture(kernel, file.fixture);
  return moduleFile(ko, file.patches?.(ko) ?? []).bytes;
}

const DKMS_CONF = 'PACKAGE_NAME="minimal"\nMAKE[0]="make all"\nBUILT_MODULE_NAME[0]="minimal"\n';
const DKMS_MAKEFILE = 'KDIR ?= /lib/modules/$(shell uname -r)/build\nobj-m := other.o\n';

/** A module with a dkms.conf beside it. */
export function inDkmsTree(
  about: string,
  others: Readonly<Record<string, string>> = { Makefile: DKMS_MAKEFILE },
): Made {
  const files: readonly TreeFile[] = [
    { file: 'dkms.conf', text: DKMS_CONF },
    ...Object.entries(others).map(([file, text]) => ({ file, text })),
    { file: 'minimal.ko', fixture: 'minimal' },
  ];
  return run(about, files, 'insmod-lens check', directory => ['check', directory]);
}

function run(
  about: string,
  files: readonly TreeFile[],
  command: string,
  args: (directory: string) => readonly string[],
): Made {
  return async (kernel, code) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
    try {
      for (const each of files) {
        const file = path.join(directory, each.file);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, contentsOf(kernel, each));
      }
      const { stdout } = await insmodLens(...args(directory), '--format', 'json', '--kernel', snapshotOf(kernel));
      const { findings } = JSON.parse(stdout) as Pick<CheckReport, 'findings'>;
      return {
        about: `${releaseOf(kernel)}: fixtures of \`test/kernel/fixtures/\`, \`${command}\`. ${about}`,
        session: [],
        finding: findings.find(finding => finding.code === code) ?? null,
      };
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
}
