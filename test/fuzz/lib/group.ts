// Several modules as one input, and changes that concern two of them.
import { mutateElf } from './mutateElf';
import type { Random } from './random';
import type { Input } from './types';

const MOST_MODULES = 4;

/** A byte that says how many, the length of each in four bytes, then the modules. */
export function packGroup(modules: readonly Input[]): Input {
  const head = new Uint8Array(1 + 4 * modules.length);
  head[0] = modules.length;
  const view = new DataView(head.buffer);
  for (const [i, { length }] of modules.entries()) view.setUint32(1 + 4 * i, length, true);
  return new Uint8Array(Buffer.concat([head, ...modules]));
}

/** Whatever the bytes, up to four modules, some of them maybe empty. */
export function unpackGroup(input: Input): Input[] {
  const count = Math.min(MOST_MODULES, input[0] ?? 0);
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  let at = 1 + 4 * count;
  return Array.from({ length: count }, (_, i) => {
    const size = 5 + 4 * i <= input.length ? view.getUint32(1 + 4 * i, true) : 0;
    const module = input.slice(at, at + size);
    at += size;
    return module;
  });
}

/** Changes fields of one module, or gives one a name or a checksum of another, or changes who is there, and in which order. */
export function mutateGroup(input: Input, random: Random): Input | null {
  const modules = unpackGroup(input);
  if (modules.length === 0) return null;
  const at = random.below(modules.length);
  const one = modules[at] ?? new Uint8Array();
  switch (random.below(8)) {
    case 0:
      [modules[0], modules[at]] = [one, modules[0] ?? one];
      break;
    case 1:
      if (modules.length < MOST_MODULES) modules.splice(random.below(modules.length + 1), 0, one);
      else modules.splice(at, 1);
      break;
    case 2:
    case 3:
    case 4:
      modules[at] = renamed(one, random.pick(modules), random);
      break;
    default:
      modules[at] = mutateElf(one, random) ?? one;
  }
  return packGroup(modules);
}

/** Gives a name in `module` the letters of one in `other`, wherever it stands, as far as they fit. */
function renamed(module: Input, other: Input, random: Random): Input {
  const [mine, theirs] = [namesIn(module), namesIn(other)];
  if (mine.length === 0 || theirs.length === 0) return module;
  const to = random.pick(theirs);
  const fitting = mine.filter(name => name.length >= to.length && name !== to);
  if (fitting.length === 0) return module;
  const from = random.pick(fitting);
  const bytes = Buffer.from(module);
  const letters = Buffer.from(to.padEnd(from.length, '\0'), 'latin1');
  // Sometimes in one of its tables only: the symbol table, the exports or the versions.
  const once = random.oneIn(3);
  const places: number[] = [];
  for (let place = bytes.indexOf(from, 0, 'latin1'); place >= 0; place = bytes.indexOf(from, place + 1, 'latin1'))
    places.push(place);
  for (const place of once ? [random.pick(places)] : places) letters.copy(bytes, place);
  return new Uint8Array(bytes);
}

/** Names of symbols and modules: words that end with a NUL. */
function namesIn(module: Input): string[] {
  const text = Buffer.from(module).toString('latin1');
  return [...new Set(Array.from(text.matchAll(/[A-Za-z_]\w{3,}(?=\0)/g), ([name]) => name))];
}
