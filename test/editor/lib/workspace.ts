// A workspace of its own for every run: the sample module, the facts of its kernel, the module of test/locate.
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fixturesDir, kernelTestDir, repositoryRoot } from '../../kernel/lib/paths';
import { OUTSIDE } from './outside';
import { fixturesDirectory, locatedBytes } from '../../support/located';

const sample = path.join(repositoryRoot(), 'test', 'editor', 'sample');

/** The snapshot of the kernel the sample was built for. */
export const SAMPLE_KERNEL = path.join(repositoryRoot(), 'media', 'workspace', 'kernels', 'debian-12.kernel.json.br');

/** The snapshot of a kernel that refuses it as a whole. */
const NEWER_KERNEL = path.join(path.dirname(SAMPLE_KERNEL), 'debian-14.kernel.json.br');

const SAMPLE_RELEASE = '6.1.0-50-amd64';

/** A file of the sample module. */
export const ofSample = (name: string): string => path.join(sample, name);

/** Puts the sample module and its kernel into a folder. */
function copySample(folder: string): void {
  cpSync(sample, folder, { recursive: true });
  cpSync(SAMPLE_KERNEL, path.join(folder, 'kernel.json.br'));
}

/** Makes the folder and returns its path; whoever asked removes it. */
export function makeWorkspace(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-workspace-'));
  copySample(path.join(folder, 'sample'));
  for (const variant of ['debug', 'stripped'] as const) {
    cpSync(fixturesDirectory, path.join(folder, variant), { recursive: true });
    // Last, so that it is newer than its sources.
    writeFileSync(path.join(folder, variant, 'located.ko'), locatedBytes(variant));
  }
  mkdirSync(path.join(folder, 'pair'));
  for (const name of ['exporter', 'user'])
    cpSync(path.join(fixturesDir(SAMPLE_RELEASE), `${name}.ko`), path.join(folder, 'pair', `${name}.ko`));
  mkdirSync(path.join(folder, 'stays'));
  cpSync(path.join(kernelTestDir(), 'fixtures', 'noexit.c'), path.join(folder, 'stays', 'noexit.c'));
  cpSync(path.join(fixturesDir(SAMPLE_RELEASE), 'noexit.ko'), path.join(folder, 'stays', 'noexit.ko'));
  cpSync(NEWER_KERNEL, path.join(folder, 'sample', 'newer.json.br'));
  mkdirSync(path.join(folder, '.vscode'));
  const settings = { ...QUIET, 'insmodLens.targets': [path.join(folder, 'sample', 'kernel.json.br')] };
  writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}

/** Settings under which an editor shows nothing of its own, and draws only what changed: no screen does it for the processor here. */
export const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'terminal.integrated.gpuAcceleration': 'off',
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
};

export interface UnusualWindow {
  readonly name: string;
  /** What to open: a folder, a .code-workspace file, or null for an empty window. */
  readonly open: string | null;
  /** What was made for it. */
  readonly folder: string | null;
  readonly untrusted: boolean;
}

/** Windows in which there is little to do and nothing may go wrong. */
export function unusualWindows(): UnusualWindow[] {
  const folder = (): string => mkdtempSync(path.join(os.tmpdir(), 'insmod-lens-bare-'));
  const withModule = (): string => {
    const made = folder();
    copySample(made);
    mkdirSync(path.join(made, '.vscode'));
    symlinkSync(SAMPLE_KERNEL, path.join(made, 'linked.json.br'));
    const settings = { 'insmodLens.targets': [OUTSIDE, 'linked.json.br', 'kernel.json.br'] };
    writeFileSync(path.join(made, '.vscode', 'settings.json'), JSON.stringify(settings));
    return made;
  };
  const roots = folder();
  const file = path.join(roots, 'two.code-workspace');
  for (const name of ['one', 'two']) copySample(path.join(roots, name));
  writeFileSync(file, JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }));
  const [bare, untrusted] = [folder(), withModule()];
  return [
    { name: 'an empty window', open: null, folder: null, untrusted: false },
    { name: 'a folder with no module', open: bare, folder: bare, untrusted: false },
    { name: 'two roots', open: file, folder: roots, untrusted: false },
    { name: 'a workspace without trust', open: untrusted, folder: untrusted, untrusted: true },
  ];
}
