// The types of BTF as a graph: what each is called, how large it is, and which others it is made of.
import { nameString } from '../bytes/strings';
import { kindOf, openBtf, vlenOf, type Btf } from './btf';
import * as Numbers from './kinds';

/** Kinds by number (include/uapi/linux/btf.h). */
const KINDS = [
  ...['void', 'int', 'pointer', 'array', 'struct', 'union', 'enum', 'forward', 'typedef', 'volatile', 'const'],
  ...['restrict', 'function', 'prototype', 'variable', 'section', 'float', 'declTag', 'typeTag', 'enum64'],
] as const;

export type Kind = (typeof KINDS)[number];

export interface Member {
  readonly name: string;
  readonly type: number;
  /** From the start of the struct, in bits. */
  readonly offset: number;
  /** Of a bit field, in bits; 0 for others. */
  readonly width: number;
}

/** One value of an enumeration. */
export interface Constant {
  readonly name: string;
  readonly value: bigint;
}

export class TypeGraph {
  /** Ids of functions and of variables, by name; those of the base are asked of the base. */
  readonly functions = new Map<string, number>();
  readonly variables = new Map<string, number>();
  private readonly structs = new Map<string, number>();
  private readonly places: number[] = [];
  private readonly firstId: number;
  private readonly firstString: number;

  private constructor(
    private readonly btf: Btf,
    private readonly base: TypeGraph | null,
  ) {
    this.firstId = base ? base.count : 1;
    this.firstString = base ? base.firstString + base.stringLength : 0;
    this.index();
  }

  /**
   * The types of raw BTF; null when the bytes are not BTF.
   *
   * @param base what it builds on: for a module, the types of its vmlinux
   */
  static open(bytes: Uint8Array, base: TypeGraph | null = null): TypeGraph | null {
    const btf = openBtf(bytes);
    return btf && new TypeGraph(btf, base);
  }

  get count(): number {
    return this.firstId + this.places.length;
  }

  private get stringLength(): number {
    return this.btf.stringEnd - this.btf.strings;
  }

  private index(): void {
    const { r, typeStart, typeEnd } = this.btf;
    for (let at = typeStart; at + 12 <= typeEnd;) {
      const info = r.u32(at + 4);
      const kind = kindOf(info);
      if (!Numbers.isKnown(kind)) return;
      const id = this.firstId + this.places.length;
      this.places.push(at);
      if (kind === Numbers.FUNC) this.note(this.functions, at, id);
      else if (kind === Numbers.VAR) this.note(this.variables, at, id);
      else if (kind === Numbers.STRUCT) this.note(this.structs, at, id);
      at += 12 + Numbers.extraBytes(kind, vlenOf(info));
    }
  }

  private note(map: Map<string, number>, at: number, id: number): void {
    const name = this.text(this.btf.r.u32(at));
    if (!map.has(name)) map.set(name, id);
  }

  /** The id of the prototype of a function or the type of a variable; null where there is none of that name. */
  declared(name: string): number | null {
    const id = this.functions.get(name) ?? this.variables.get(name);
    return id === undefined ? (this.base?.declared(name) ?? null) : this.target(id);
  }

  /** The id of a struct; null where there is none of that name. */
  struct(name: string): number | null {
    return this.structs.get(name) ?? this.base?.struct(name) ?? null;
  }

  kind(id: number): Kind {
    const found = this.find(id);
    return found ? (KINDS[kindOf(found.graph.word(found.at, 1))] ?? 'void') : 'void';
  }

  name(id: number): string {
    const found = this.find(id);
    return found ? found.graph.text(found.graph.word(found.at, 0)) : '';
  }

  /** In bytes, of types that have a size. */
  size(id: number): number {
    return this.third(id);
  }

  /** What a pointer points to, a modifier modifies, a typedef stands for, a prototype returns. */
  target(id: number): number {
    return this.third(id);
  }

  /** Whether a forward declaration is one of a union. */
  isUnion(id: number): boolean {
    const found = this.find(id);
    return this.kind(id) === 'union' || (found !== null && found.graph.word(found.at, 1) >>> 31 === 1);
  }

  array(id: number): { readonly type: number; readonly count: number } {
    const found = this.find(id);
    return found
      ? { type: found.graph.word(found.at, 3), count: found.graph.word(found.at, 5) }
      : { type: 0, count: 0 };
  }

  members(id: number): Member[] {
    const found = this.find(id);
    if (!found) return [];
    const { graph, at } = found;
    const flagged = graph.word(at, 1) >>> 31 === 1;
    return graph.items(at, 3, word => {
      const offset = word(2);
      return {
        ...{ name: graph.text(word(0)), type: word(1) },
        ...{ offset: flagged ? offset & 0xff_ffff : offset, width: flagged ? offset >>> 24 : 0 },
      };
    });
  }

  /** Types of the arguments of a prototype; a last one of 0 stands for `...`. */
  arguments(id: number): number[] {
    const found = this.find(id);
    return found ? found.graph.items(found.at, 2, word => word(1)) : [];
  }

  constants(id: number): Constant[] {
    const found = this.find(id);
    if (!found) return [];
    const { graph, at } = found;
    const signed = graph.word(at, 1) >>> 31 === 1;
    const wide = this.kind(id) === 'enum64';
    return graph.items(at, wide ? 3 : 2, word => {
      const low = BigInt(word(1));
      const value = wide ? low | (BigInt(word(2)) << 32n) : low;
      return { name: graph.text(word(0)), value: signed ? BigInt.asIntN(wide ? 64 : 32, value) : value };
    });
  }

  private items<T>(at: number, words: number, make: (word: (n: number) => number) => T): T[] {
    const count = Math.min(vlenOf(this.word(at, 1)), Math.floor((this.btf.typeEnd - at - 12) / (4 * words)));
    return Array.from({ length: Math.max(0, count) }, (_, i) => make(n => this.word(at, 3 + words * i + n)));
  }

  private third(id: number): number {
    const found = this.find(id);
    return found ? found.graph.word(found.at, 2) : 0;
  }

  private word(at: number, n: number): number {
    return this.btf.r.u32(at + 4 * n);
  }

  private find(id: number): { readonly graph: TypeGraph; readonly at: number } | null {
    if (id < this.firstId) return this.base ? this.base.find(id) : null;
    const at = this.places[id - this.firstId];
    return at === undefined ? null : { graph: this, at };
  }

  private text(offset: number): string {
    if (offset < this.firstString) return this.base ? this.base.text(offset) : '';
    const own = offset - this.firstString;
    return own < this.stringLength ? nameString(this.btf.r.bytes, this.btf.strings + own) : '';
  }
}
