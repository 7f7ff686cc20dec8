// A struct as BTF declares it.
import type { StructMember, StructShape } from '../structMembers';
import type { TypeGraph } from './typeGraph';

/** Bit fields and members at an odd bit are left out. null where there is no struct of that name. */
export function structInBtf(graph: TypeGraph, name: string, wordSize: 4 | 8): StructShape | null {
  const type = graph.struct(name);
  return type === null ? null : { size: graph.size(type), members: new Shapes(graph, wordSize).membersOf(type) };
}

/** How deep modifiers and arrays may nest; hostile types could nest in themselves. */
const MAX_DEPTH = 16;
const MODIFIERS: ReadonlySet<string> = new Set(['typedef', 'volatile', 'const', 'restrict', 'typeTag']);

class Shapes {
  constructor(
    private readonly graph: TypeGraph,
    private readonly wordSize: 4 | 8,
  ) {}

  membersOf(type: number): StructMember[] {
    const plain = this.plain(type);
    const kind = this.graph.kind(plain);
    if (kind === 'array') return this.elements(plain);
    if (kind !== 'struct' && kind !== 'union') return [];
    return this.graph
      .members(plain)
      .filter(({ offset, width }) => offset % 8 === 0 && width === 0)
      .map(member => this.member(member.name, member.offset / 8, member.type));
  }

  private elements(array: number): StructMember[] {
    const { type, count } = this.graph.array(array);
    const size = this.sizeOf(type);
    // What is looked at has few elements; characters of a name are no members.
    if (count > MOST_ELEMENTS || size <= 1) return [];
    return Array.from({ length: count }, (_, i) => this.member(String(i), i * size, type));
  }

  private member(name: string, offset: number, type: number): StructMember {
    const plain = this.plain(type);
    const pointee = this.graph.kind(plain) === 'pointer' ? this.sizeOf(this.graph.target(plain)) : 0;
    return { name, offset, size: this.sizeOf(type), pointee, members: () => this.membersOf(type) };
  }

  /** Follows typedefs and qualifiers. */
  private plain(type: number): number {
    for (let step = 0; step < MAX_DEPTH && MODIFIERS.has(this.graph.kind(type)); step++) type = this.graph.target(type);
    return type;
  }

  private sizeOf(type: number, depth = 0): number {
    const plain = this.plain(type);
    const kind = this.graph.kind(plain);
    if (kind === 'pointer') return this.wordSize;
    if (kind !== 'array') return SIZELESS.has(kind) ? 0 : this.graph.size(plain);
    const { type: of, count } = this.graph.array(plain);
    return depth < MAX_DEPTH ? count * this.sizeOf(of, depth + 1) : 0;
  }
}

const MOST_ELEMENTS = 64;
/** Of these, the word that holds the size of others means something else. */
const SIZELESS: ReadonlySet<string> = new Set(['void', 'forward', 'function', 'prototype', ...MODIFIERS]);
