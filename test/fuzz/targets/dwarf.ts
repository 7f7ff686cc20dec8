// Debug information and symbols: everything a locator is asked for a module.
import path from 'node:path';
import { openObject } from '../../../src/formats/ko/objectFile';
import { openLocator } from '../../../src/host/places/locate';
import { fixturesDirectory, locatedBytes } from '../../support/located';
import { unpackedModule } from '../../support/unpacked';
import { mutateElf } from '../lib/mutateElf';
import type { Random } from '../lib/random';
import type { FuzzTarget, Input } from '../lib/types';

/** Asks a locator about everything the module names. */
export async function locateAll(modulePath: string, bytes: Input, most = 50): Promise<void> {
  const locator = await openLocator(modulePath, openObject(bytes), 'located');
  const object = openObject(bytes);
  const names =
    object
      ?.containers()
      .slice(0, most)
      .map(({ name }) => name) ?? [];
  const undefinedNames = Array.from({ length: Math.min(object?.symbols.count ?? 0, 1000) }, (_, index) => index)
    .filter(index => object?.symbols.section(index) === 0)
    .map(index => object?.symbols.name(index) ?? '');
  locator.uses(undefinedNames);
  for (const name of names) {
    locator.symbol(name, '.text');
    locator.exported(name);
    locator.parameter(name);
  }
  for (const section of (object?.sectionNames ?? []).slice(0, most)) locator.section(section);
  for (const source of locator.sources.slice(0, 4)) locator.symbolAt(source, 10);
  locator.init();
  locator.hints();
}

const unpacked = unpackedModule();

/** Damages debug sections and symbols, headers more than the rest. */
function damage(input: Input, random: Random): Input | null {
  if (input.length !== unpacked.bytes.length || random.oneIn(4)) return mutateElf(input, random);
  const bytes = Uint8Array.from(input);
  for (let left = 1 + random.below(8); left > 0; left--) {
    const [start, size] = random.pick(unpacked.ranges);
    const at = start + random.below(random.oneIn(2) ? size : Math.min(size, 64));
    bytes[at] = random.oneIn(2) ? random.pick([0, 1, 0x7f, 0x80, 0xfe, 0xff, 0x16, 0x31, 0x47]) : random.below(256);
  }
  return bytes;
}

export const dwarf: FuzzTarget = {
  name: 'dwarf',
  longest: unpacked.bytes.length + 4096,
  seeds: () => [unpacked.bytes, locatedBytes('debug'), locatedBytes('stripped')],
  run: bytes => locateAll(path.join(fixturesDirectory, 'located.ko'), bytes),
  mutate: damage,
};
