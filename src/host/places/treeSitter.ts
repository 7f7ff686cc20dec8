// Definitions of a C file by tree-sitter's grammar, for modules without debug information. Loaded on demand.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as TreeSitter from 'web-tree-sitter';
import type { Node } from 'web-tree-sitter';
import { definitionsOf, type Definition } from '../../formats/c/structure';
import type { Token } from '../../formats/c/tokens';

/** Finds the definitions of a file; `tokens` and `text` are the same file. */
export type ParseC = (tokens: readonly Token[], text: string) => readonly Definition[];

let loading: Promise<ParseC> | null = null;

/** The parser; loaded once. Where the grammar cannot be loaded, bracket matching alone. Never rejects. */
export function loadTreeSitter(): Promise<ParseC> {
  return (loading ??= load().catch(() => definitionsOf));
}

async function load(): Promise<ParseC> {
  const directory = wasmDirectory();
  if (directory === null) return definitionsOf;
  // Not import(): the package's ES module looks for itself by import.meta, which a bundle does not have.
  const { Language, Parser } = require('web-tree-sitter') as typeof TreeSitter;
  await Parser.init({ wasmBinary: readFileSync(path.join(directory, 'web-tree-sitter.wasm')) });
  const language = await Language.load(new Uint8Array(readFileSync(path.join(directory, 'tree-sitter-c.wasm'))));
  const parser = new Parser();
  parser.setLanguage(language);
  return (tokens, text) => {
    const matched = definitionsOf(tokens);
    if (text.length > MOST_CHARACTERS) return matched;
    const until = performance.now() + MOST_MILLISECONDS;
    const isLate = (): boolean => performance.now() > until;
    const tree = parser.parse(withoutAnnotations(text), null, { progressCallback: isLate });
    if (!tree) {
      // Or the next file would be taken for the rest of this one.
      parser.reset();
      return matched;
    }
    try {
      return merged(new Collector(tokens, isLate).collect(tree.rootNode), matched);
    } finally {
      tree.delete();
    }
  };
}

/** Files people write are smaller; brackets are matched in others, too. */
const MOST_CHARACTERS = 1 << 20;
/** The largest files of the kernel take half of it; what the grammar chokes on takes minutes. */
const MOST_MILLISECONDS = 500;
/** Nobody nests declarators or directives as deep. */
const MOST_NESTED = 100;

/** `wasm/` beside the bundle, or the one of a build above it. */
function wasmDirectory(): string | null {
  for (let dir = __dirname; ; dir = path.dirname(dir)) {
    for (const candidate of [path.join(dir, 'wasm'), path.join(dir, 'dist', 'wasm')])
      if (existsSync(path.join(candidate, 'tree-sitter-c.wasm'))) return candidate;
    if (path.dirname(dir) === dir) return null;
  }
}

/** The kernel's annotations are macros that no grammar of C expects; blanks of the same length keep every position. */
const ANNOTATION =
  /\b(?:__(?:init|exit|initdata|exitdata|initconst|exitconst|net_init|net_exit|used|unused|maybe_unused|always_unused|ro_after_init|read_mostly|always_inline|weak|cold|hot|user|iomem|rcu|percpu|force|kernel|must_check|packed|visible|ref|refdata|sched|pure|noreturn|randomize_layout|deprecated|malloc|latent_entropy|cacheline_aligned(?:_in_smp)?|nocast|bitwise|private)|noinline(?:_for_stack)?|asmlinkage|notrace|noinstr)\b/g;

function withoutAnnotations(text: string): string {
  return text.replace(ANNOTATION, word => ' '.repeat(word.length));
}

/** What both found is taken from the grammar; what only brackets found is added: static objects, odd macros. */
function merged(parsed: readonly Definition[], matched: readonly Definition[]): readonly Definition[] {
  const known = new Set(parsed.map(({ name }) => name));
  return [...parsed, ...matched.filter(({ name }) => !known.has(name))].sort((a, b) => a.start - b.start);
}

/** Turns nodes into definitions over the tokens. */
class Collector {
  private readonly found: Definition[] = [];

  constructor(
    private readonly tokens: readonly Token[],
    private readonly isLate: () => boolean,
  ) {}

  collect(root: Node): readonly Definition[] {
    for (const node of root.namedChildren) this.visit(node, 0);
    return this.found;
  }

  private visit(node: Node, depth: number): void {
    if (depth > MOST_NESTED || this.isLate()) return;
    // What the grammar stumbled over is left to bracket matching.
    if (node.isMissing || (node.hasError && node.type !== 'ERROR' && !node.type.startsWith('preproc_'))) return;
    if (node.type === 'function_definition') this.addFunction(node);
    else if (node.type === 'declaration') this.addObjects(node);
    else if (node.type === 'expression_statement') this.addInvocation(node);
    else if (node.type.startsWith('preproc_') || node.type === 'ERROR' || node.type === 'linkage_specification')
      for (const child of node.namedChildren) this.visit(child, depth + 1);
  }

  private addFunction(node: Node): void {
    const [declarator, body] = [node.childForFieldName('declarator'), node.childForFieldName('body')];
    if (declarator && body) this.add('function', node, declarator, body, this.tokenAt(node.endPosition));
  }

  private addObjects(node: Node): void {
    if (node.namedChildren.some(({ type, text }) => type === 'storage_class_specifier' && text === 'extern')) return;
    const end = this.tokenAt(node.endPosition) - 1;
    for (const child of node.namedChildren) {
      if (this.isLate()) return;
      const value = child.type === 'init_declarator' ? child.childForFieldName('value') : null;
      if (value) this.add('object', node, child.childForFieldName('declarator') ?? child, value, end);
      else if (OBJECT_DECLARATORS.has(child.type) && !isPrototype(child)) this.add('object', node, child, null, end);
    }
  }

  private addInvocation(node: Node): void {
    const call = node.namedChildren[0];
    const [macro, body] = [call?.childForFieldName('function'), call?.childForFieldName('arguments')];
    if (call?.type === 'call_expression' && macro && body)
      this.add('invocation', node, macro, body, this.tokenAt(body.endPosition));
  }

  private add(kind: Definition['kind'], node: Node, declarator: Node, body: Node | null, end: number): void {
    const identifier = nameIn(declarator);
    const name = identifier && this.tokens[this.tokenAt(identifier.startPosition)];
    if (!name) return;
    const start = this.tokenAt(node.startPosition);
    const isStatic = node.namedChildren.some(
      ({ type, text }) => type === 'storage_class_specifier' && text === 'static',
    );
    this.found.push({ kind, name, isStatic, start, body: body ? this.tokenAt(body.startPosition) : end, end });
  }

  /** Index of the first token at or behind a position, which counts from 0. */
  private tokenAt({ row, column }: { readonly row: number; readonly column: number }): number {
    let low = 0;
    let high = this.tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const token = this.tokens[middle];
      if (token && (token.line - 1 < row || (token.line - 1 === row && token.column - 1 < column))) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const OBJECT_DECLARATORS: ReadonlySet<string> = new Set([
  'identifier',
  'array_declarator',
  'pointer_declarator',
  'function_declarator',
]);

/** `int f(int)`, not `int (*f)(int)`. */
function isPrototype(node: Node): boolean {
  let declarator: Node | null = node;
  for (let depth = 0; declarator?.type === 'pointer_declarator' && depth < MOST_NESTED; depth++)
    declarator = declarator.childForFieldName('declarator');
  return (
    declarator?.type === 'function_declarator' && declarator.childForFieldName('declarator')?.type === 'identifier'
  );
}

function nameIn(declarator: Node, depth = 0): Node | null {
  if (declarator.type === 'identifier') return declarator;
  if (declarator.type === 'parameter_list' || depth > MOST_NESTED) return null;
  const inner = declarator.childForFieldName('declarator');
  if (inner) return nameIn(inner, depth + 1);
  // (*name) has no field of its own.
  for (const child of declarator.namedChildren) {
    const name = nameIn(child, depth + 1);
    if (name) return name;
  }
  return null;
}
