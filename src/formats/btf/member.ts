// Finds a member of a struct in the types of BTF by its path.
import type { TypeGraph } from './typeGraph';

/** Where a member stands, in bytes from the start of the outermost struct, and the id of its type. */
export interface FoundMember {
  readonly offset: number;
  readonly type: number;
}

/** How deep anonymous members and modifiers may nest; hostile types could nest in themselves. */
const MAX_DEPTH = 16;

/** Follows typedefs and qualifiers. */
export function plainType(graph: TypeGraph, type: number): number {
  for (let step = 0; step < MAX_DEPTH && MODIFIERS.has(graph.kind(type)); step++) type = graph.target(type);
  return type;
}

const MODIFIERS: ReadonlySet<string> = new Set(['typedef', 'volatile', 'const', 'restrict', 'typeTag']);

/**
 * The member at a path of names, and of indices where a member is an array, from a struct or union with the id `type`. Members
 * of anonymous structs are found by their own name. null where there is none, and for bit fields.
 */
export function findMember(
  graph: TypeGraph,
  type: number,
  path: readonly (string | number)[],
  depth = 0,
): FoundMember | null {
  const [first, ...rest] = path;
  if (first === undefined) return { offset: 0, type };
  if (depth > MAX_DEPTH) return null;
  const found = typeof first === 'number' ? element(graph, type, first) : named(graph, type, first, depth);
  const within = found && findMember(graph, found.type, rest, depth + 1);
  return found && within && { offset: found.offset + within.offset, type: within.type };
}

function element(graph: TypeGraph, type: number, index: number): FoundMember | null {
  const plain = plainType(graph, type);
  if (graph.kind(plain) !== 'array') return null;
  const { type: of, count } = graph.array(plain);
  const size = graph.size(plainType(graph, of));
  return index < count ? { offset: index * size, type: of } : null;
}

function named(graph: TypeGraph, type: number, name: string, depth: number): FoundMember | null {
  const plain = plainType(graph, type);
  const kind = graph.kind(plain);
  if (kind !== 'struct' && kind !== 'union') return null;
  for (const member of graph.members(plain)) {
    if (member.offset % 8 !== 0 || member.width !== 0) continue;
    const at = member.offset / 8;
    if (member.name === name) return { offset: at, type: member.type };
    const within = member.name === '' ? findMember(graph, member.type, [name], depth + 1) : null;
    if (within) return { offset: at + within.offset, type: within.type };
  }
  return null;
}
