// Compares what a symbol is made of in two kernels: breadth first, so that the difference nearest to the symbol comes first.
import type { Member, TypeGraph } from '../../formats/btf/typeGraph';
import { compareConstants } from './compareConstants';
import { compareMembers, type FlatMember } from './compareMembers';
import { spelling } from './spelling';
import type { ChangedType, Difference, Explanation } from './types';

/** How many changed types are listed; a person reads the first. */
const LISTED = 10;
/** More pairs of types than any symbol of Linux leads to. */
const MOST_PAIRS = 200_000;

/** The two sides of a comparison, and the ids on each. */
interface Pair {
  readonly from: number;
  readonly to: number;
  readonly path: readonly string[];
}

class Comparison {
  private readonly queue: Pair[] = [];
  private readonly seen = new Set<string>();
  private readonly changed: ChangedType[] = [];

  constructor(
    private readonly from: TypeGraph,
    private readonly to: TypeGraph,
  ) {}

  run(start: Pair, symbol: string): Explanation {
    this.declared(start, symbol);
    for (let next = 0; next < this.queue.length && next < MOST_PAIRS && this.changed.length <= LISTED; next++) {
      const pair = this.queue[next];
      if (pair) this.named(pair);
    }
    return { changed: this.changed.slice(0, LISTED), more: this.changed.length > LISTED };
  }

  /** The symbol itself: a function by its prototype, a variable by its type. */
  private declared(pair: Pair, symbol: string): void {
    const differences: Difference[] = [];
    if (this.from.kind(pair.from) === 'prototype' && this.to.kind(pair.to) === 'prototype')
      this.prototypes(pair, differences);
    else {
      const [from, to] = this.spellings(pair);
      if (from !== to) differences.push({ what: 'type', from, to });
      else this.follow(pair);
    }
    this.note(symbol, [], differences);
  }

  private prototypes({ from, to }: Pair, differences: Difference[]): void {
    const [before, after] = [this.from.arguments(from), this.to.arguments(to)];
    if (before.length !== after.length)
      differences.push({ what: 'argument-count', from: before.length, to: after.length });
    const result = { from: this.from.target(from), to: this.to.target(to), path: ['result'] };
    const [resultFrom, resultTo] = this.spellings(result);
    if (resultFrom !== resultTo) differences.push({ what: 'result', from: resultFrom, to: resultTo });
    // What follows an argument that was added or removed is not the same one any more.
    for (let i = 0; i < Math.min(before.length, after.length); i++) {
      const argument = { from: before[i] ?? 0, to: after[i] ?? 0, path: [`argument ${i + 1}`] };
      const [argumentFrom, argumentTo] = this.spellings(argument);
      if (argumentFrom === argumentTo) this.follow(argument);
      else differences.push({ what: 'argument', number: i + 1, from: argumentFrom, to: argumentTo });
    }
    if (resultFrom === resultTo) this.follow(result);
  }

  /** Types that are called the same: what they are made of. */
  private named({ from, to, path }: Pair): void {
    const [kindFrom, kindTo] = [this.from.kind(from), this.to.kind(to)];
    const title = spelling(this.from, from);
    const differences: Difference[] = [];
    if (kindFrom === 'typedef' && kindTo === 'typedef') {
      const target = { from: this.from.target(from), to: this.to.target(to), path: [...path, title] };
      const [before, after] = this.spellings(target);
      if (before === after) this.follow(target);
      else differences.push({ what: 'type', from: before, to: after });
    } else if (isEnum(kindFrom) && isEnum(kindTo)) {
      differences.push(...compareConstants(this.from.constants(from), this.to.constants(to)));
    } else if (isComposite(kindFrom) && kindFrom === kindTo) {
      const [before, after] = [this.flat(this.from, from), this.flat(this.to, to)];
      differences.push(...compareMembers(before, after));
      const [sizeFrom, sizeTo] = [this.from.size(from), this.to.size(to)];
      if (differences.length > 0 && sizeFrom !== sizeTo)
        differences.unshift({ what: 'size', from: sizeFrom, to: sizeTo });
      this.followMembers(before, after, title, path);
    } else if (kindFrom === 'int' && kindTo === 'int' && this.from.size(from) !== this.to.size(to)) {
      differences.push({ what: 'size', from: this.from.size(from), to: this.to.size(to) });
    }
    this.note(title, path, differences);
  }

  private followMembers(
    before: readonly FlatMember[],
    after: readonly FlatMember[],
    title: string,
    path: readonly string[],
  ): void {
    const later = new Map(after.map(member => [member.name, member]));
    for (const { name, type, spelled } of before) {
      const other = later.get(name);
      if (name !== '' && other?.spelled === spelled)
        this.follow({ from: type, to: other.type, path: [...path, `${title}.${name}`] });
    }
  }

  /** Members in order, those of anonymous structs and unions among them. */
  private flat(graph: TypeGraph, id: number, depth = 0): FlatMember[] {
    return graph.members(id).flatMap((member): FlatMember[] => {
      const kind = graph.kind(member.type);
      const inner = member.name === '' && isComposite(kind) && depth < 16;
      if (!inner) return [{ name: member.name, type: member.type, spelled: spelledMember(graph, member) }];
      const mark = (text: string): FlatMember => ({ name: '', type: 0, spelled: text });
      return [mark(`${kind} {`), ...this.flat(graph, member.type, depth + 1), mark('}')];
    });
  }

  /** Goes on to the types that a type names, through pointers, arrays and prototypes, which are spelled alike. */
  private follow({ from, to, path }: Pair, depth = 0): void {
    const kind = this.from.kind(from);
    if (depth > 32) return;
    const deeper = (a: number, b: number): void => this.follow({ from: a, to: b, path }, depth + 1);
    switch (kind) {
      case 'pointer':
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'typeTag':
        if (this.to.kind(to) === kind) deeper(this.from.target(from), this.to.target(to));
        return;
      case 'array':
        deeper(this.from.array(from).type, this.to.array(to).type);
        return;
      case 'prototype': {
        const after = this.to.arguments(to);
        for (const [i, argument] of this.from.arguments(from).entries()) deeper(argument, after[i] ?? 0);
        deeper(this.from.target(from), this.to.target(to));
        return;
      }
      default: {
        const key = `${from} ${to}`;
        if (this.seen.has(key)) return;
        this.seen.add(key);
        this.queue.push({ from, to, path });
      }
    }
  }

  private spellings({ from, to }: Pair): [string, string] {
    return [spelling(this.from, from), spelling(this.to, to)];
  }

  private note(type: string, path: readonly string[], differences: readonly Difference[]): void {
    if (differences.length > 0) this.changed.push({ type, path, differences });
  }
}

const isComposite = (kind: string): boolean => kind === 'struct' || kind === 'union';
const isEnum = (kind: string): boolean => kind === 'enum' || kind === 'enum64';

function spelledMember(graph: TypeGraph, { type, width }: Member): string {
  return spelling(graph, type) + (width > 0 ? `:${width}` : '');
}

/**
 * Compares a symbol of two kernels by its types.
 *
 * @param from the id of its prototype or type on one side, in `before`
 */
export function compareTypes(
  before: TypeGraph,
  from: number,
  after: TypeGraph,
  to: number,
  symbol: string,
): Explanation {
  return new Comparison(before, after).run({ from, to, path: [] }, symbol);
}
