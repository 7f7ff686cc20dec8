// Locating for those who can wait: a module without debug information has its sources parsed.
import { openDwarf } from '../../formats/dwarf/dwarf';
import { openLocator, type Locator } from './locate';
import { inflate } from './inflate';
import { loadTreeSitter } from './treeSitter';

/** As openLocator(). In a file of its own because the command has no use for the parser. */
export async function openLocatorParsing(modulePath: string, bytes: Uint8Array, name: string): Promise<Locator> {
  const dwarf = openDwarf(bytes, inflate);
  return openLocator(modulePath, bytes, name, dwarf ? { dwarf } : { dwarf, parse: await loadTreeSitter() });
}
