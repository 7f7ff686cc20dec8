// Where the document of a module is tried: a workspace with modules of several kinds, and what the engine says of them.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readSnapshot } from '../../../src/host/node/targets';
import { System, type LoadResult } from '../../../src/index';
import { fixturePath, snapshotOf } from '../../support/recorded';
import { makeWorkspace, ofSample, SAMPLE_KERNEL } from '../lib/workspace';

/** A name that would be markup if anybody took it for that. */
export const MARKUP_NAME = '<img src=x onerror=document.title=1>';

/** The kernels documents are shown for, in order. */
export const KERNELS = [SAMPLE_KERNEL, snapshotOf('7.2')];

/** Makes the workspace and returns its folder; whoever asked removes it. */
export function makeSetting(): string {
  const folder = makeWorkspace();
  const built = path.join(folder, 'built');
  mkdirSync(built);
  for (const name of ['exporter', 'user', 'paramkinds'])
    copyFileSync(fixturePath('6.1', name), path.join(built, `${name}.ko`));
  // Built twice: what is put over it later has grown.
  copyFileSync(fixturePath('6.1', 'minimal'), path.join(built, 'grows.ko'));
  writeFileSync(path.join(built, `${MARKUP_NAME}.ko`), readFileSync(ofSample('hello.ko')));
  const file = path.join(folder, '.vscode', 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...settings, 'insmodLens.targets': KERNELS }));
  return folder;
}

/** What a build made of grows.ko later. */
export function rebuild(folder: string): void {
  copyFileSync(fixturePath('6.1', 'paramkinds'), path.join(folder, 'built', 'grows.ko'));
}

/** The engine's answer about hello.ko on one of {@link KERNELS}. */
export function helloOn(kernel: number): LoadResult {
  const system = new System(readSnapshot(KERNELS[kernel] ?? ''), {});
  return system.insmod({ path: 'hello.ko', bytes: readFileSync(ofSample('hello.ko')) });
}
