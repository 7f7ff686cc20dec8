// How C writes a type that BTF describes.
import type { TypeGraph } from '../../formats/btf/typeGraph';

/** Debug information calls integers by other names than kernel sources do. */
const INTEGERS: ReadonlyMap<string, string> = new Map([
  ['long unsigned int', 'unsigned long'],
  ['long long unsigned int', 'unsigned long long'],
  ['short unsigned int', 'unsigned short'],
  ['long int', 'long'],
  ['long long int', 'long long'],
  ['short int', 'short'],
]);

/** Deeper than any declaration that a person wrote: BTF of a damaged file may go round. */
const DEEPEST = 24;

/** A type as C writes it, without the contents of structs: `const struct file *`, `int (*)(struct inode *)`, `u8[16]`. */
export function spelling(graph: TypeGraph, id: number, depth = 0): string {
  return declaration(graph, id, '', depth);
}

/** A declaration of `inner`, from the inside out. */
function declaration(graph: TypeGraph, id: number, inner: string, depth: number): string {
  const joined = (specifier: string): string => (inner === '' ? specifier : `${specifier} ${inner}`);
  if (depth > DEEPEST) return joined('…');
  const deeper = (target: number, text: string): string => declaration(graph, target, text, depth + 1);
  const kind = graph.kind(id);
  switch (kind) {
    case 'pointer':
      return deeper(graph.target(id), `*${inner}`);
    case 'const':
    case 'volatile':
    case 'restrict':
      // Of a pointer the word stands behind the star, of other types before them.
      return graph.kind(graph.target(id)) === 'pointer'
        ? deeper(graph.target(id), inner === '' ? kind : `${kind} ${inner}`)
        : `${kind} ${deeper(graph.target(id), inner)}`;
    case 'typeTag':
      return deeper(graph.target(id), inner);
    case 'array': {
      const { type, count } = graph.array(id);
      return deeper(type, `${inner.startsWith('*') ? `(${inner})` : inner}[${count}]`).replace(/ (?=\[)/, '');
    }
    case 'prototype': {
      const list = graph.arguments(id);
      const texts = list.map((type, i) =>
        type === 0 && i === list.length - 1 ? '...' : spelling(graph, type, depth + 1),
      );
      return deeper(graph.target(id), `${inner.startsWith('*') ? `(${inner})` : inner}(${texts.join(', ') || 'void'})`);
    }
    case 'forward':
      return joined(`${graph.isUnion(id) ? 'union' : 'struct'} ${graph.name(id)}`);
    case 'struct':
    case 'union':
      return joined(`${kind} ${graph.name(id) || '{…}'}`);
    case 'enum':
    case 'enum64':
      return joined(`enum ${graph.name(id) || '{…}'}`);
    case 'void':
      return joined('void');
    case 'int':
      return joined(INTEGERS.get(graph.name(id)) ?? graph.name(id));
    default:
      return joined(graph.name(id));
  }
}
