// Mutants of the modules a distribution ships, where the lab directory has them: everything a module file goes through.
import { openObject } from '../../../src/formats/ko/objectFile';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { openLocator } from '../../../src/host/places/locate';
import { labDir } from '../../kernel/lib/paths';
import { mutateElf } from '../lib/mutateElf';
import type { FuzzTarget, Input } from '../lib/types';
import { locateAll } from './dwarf';
import { load } from './elf';
import { examineAll } from './examine';

const MOST_BYTES = 256 << 10;
const MOST_MODULES = 200;

/** Every so many-th module of the lab's 6.1, none too large. */
function modules(): Input[] {
  const tree = path.join(labDir(), '6.1', 'lib', 'modules');
  const files = readdirSync(tree, { recursive: true })
    .map(name => path.join(tree, String(name)))
    .filter(file => file.endsWith('.ko') && statSync(file).size <= MOST_BYTES)
    .sort();
  const step = Math.max(1, Math.floor(files.length / MOST_MODULES));
  return files.filter((_, i) => i % step === 0).map(file => new Uint8Array(readFileSync(file)));
}

export const stock: FuzzTarget = {
  name: 'stock',
  longest: MOST_BYTES,
  onDemand: true,
  seeds: modules,
  async run(bytes) {
    load('6.1', bytes);
    examineAll(bytes);
    await locateAll('nowhere/fuzzed.ko', bytes);
    (await openLocator('nowhere/fuzzed.ko', openObject(bytes), 'fuzzed')).hints();
  },
  mutate: mutateElf,
};
