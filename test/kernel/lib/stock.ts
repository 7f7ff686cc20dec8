// The distribution's own modules, read where that kernel's packages are unpacked or installed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { KERNELS, labKernel, labRelease } from './kernels';
import { run } from './shell';

const DECOMPRESSORS: readonly (readonly [suffix: string, program: string])[] = [
  ['.xz', 'xz'],
  ['.zst', 'zstd'],
  ['.gz', 'gzip'],
];

/** Whether a module is there, compressed or not. */
export function hasStockModule(modulesDir: string, name: string): boolean {
  const file = path.join(modulesDir, name);
  return ['', ...DECOMPRESSORS.map(([suffix]) => suffix)].some(suffix => existsSync(file + suffix));
}

/** Paths of the modules in a directory below the modules directory, without compression suffix. */
export function listStockModules(modulesDir: string, dir: string): string[] {
  const place = path.join(modulesDir, dir);
  if (modulesDir === '' || !existsSync(place)) return [];
  const names = readdirSync(place).flatMap(file => /^.*\.ko(?=\.(?:xz|zst|gz)$|$)/.exec(file)?.[0] ?? []);
  return names.sort().map(name => path.join(dir, name));
}

/** Reads a module by its path below the modules directory, decompressed. */
export function readStockModule(modulesDir: string, name: string): Uint8Array {
  const file = path.join(modulesDir, name);
  if (existsSync(file)) return readFileSync(file);
  for (const [suffix, program] of DECOMPRESSORS) {
    if (existsSync(file + suffix)) return Buffer.from(run(program, ['-dc', file + suffix], { latin1: true }), 'latin1');
  }
  throw new Error(`no module ${name}`);
}

/** The modules directory of a release in the lab or on this machine, or null. */
export function findModulesDir(release: string): string | null {
  const inLab = KERNELS.find(k => labRelease(k.key) === release);
  if (inLab) return labKernel(inLab.key).modules;
  const installed = path.join('/lib/modules', release);
  return existsSync(path.join(installed, 'kernel')) ? installed : null;
}
