// From the request of the editor to the answer of a real kernel: QEMU without KVM, a process of its own for each boot.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { WorkerClient } from '../../src/host/extension/worker/client';
import { listModuleFiles } from '../../src/host/node/moduleFiles';
import { Pacer } from '../../src/host/node/pacer';
import { labKernel, labRelease } from '../kernel/lib/kernels';
import { labDir, repositoryRoot } from '../kernel/lib/paths';
import type { ColdStart } from './coldStart';

const RUNS = 7;
/** Bytes of the module that is loaded. */
const SIZE = 300 * 1024;

/** The kernels of the lab that can be booted here, by name. */
function bootable(): { readonly name: string; readonly modules: string }[] {
  const here = ['6.1', '6.12', '7.2'].filter(key => labRelease(key) !== null);
  const found = here.map(key => ({ name: `x86_64 ${key}`, modules: labKernel(key).modules }));
  const arm64 = path.join(labDir(), 'arm64-6.1', 'lib', 'modules');
  const releases = existsSync(arm64) ? spawnSync('ls', [arm64], { encoding: 'utf8' }).stdout.trim().split('\n') : [];
  return [...found, ...releases.map(release => ({ name: 'arm64 6.1', modules: path.join(arm64, release) }))];
}

/** Milliseconds, by kernel; a reason where nothing can be booted. */
export async function bootCost(): Promise<ColdStart[] | string> {
  if (spawnSync('qemu-system-x86_64', ['--version']).status !== 0) return 'needs QEMU';
  const rows: ColdStart[] = [];
  for (const { name, modules } of bootable()) {
    const file = await moduleOf(modules);
    const samples: number[] = [];
    for (let i = 0; i < RUNS; i++) samples.push(await bootOnce(file, modules));
    rows.push({ name: `boot ${name} and load ${path.basename(file)}`, samples });
  }
  return rows;
}

/** Packed modules are about a quarter as large. */
const PACKED = 4;

/** The module of a kernel whose size is closest to {@link SIZE}. */
async function moduleOf(modules: string): Promise<string> {
  const files = await listModuleFiles(path.join(modules, 'kernel', 'drivers', 'net'), new Pacer());
  const distance = (file: string): number => Math.abs(statSync(file).size * (file.endsWith('.ko') ? 1 : PACKED) - SIZE);
  const [nearest] = files.map(file => ({ file, far: distance(file) })).sort((a, b) => a.far - b.far);
  if (!nearest) throw new Error(`${modules} has no modules`);
  return nearest.file;
}

async function bootOnce(file: string, modules: string): Promise<number> {
  const script = path.join(repositoryRoot(), 'dist', 'worker.js');
  const started = performance.now();
  const worker = new WorkerClient({
    script,
    kind: 'process',
    folders: () => [],
    onEvent: () => undefined,
    log: line => console.error(line),
  });
  const request = { path: file, targets: [], args: '', cmdline: '', loaded: [] };
  await worker.request('boot', { request, target: { path: modules }, image: null, qemu: null });
  worker.dispose();
  return performance.now() - started;
}
