// Definitions of a C file by tree-sitter's grammar. Loaded on demand: it costs as much as starting the command.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as TreeSitter from 'web-tree-sitter';
import type { Node } from 'web-tree-sitter';
import type { Definition, ParseC } from '../../formats/c/source';
import type { Token } from '../../formats/c/tokens';

let loading: Promise<ParseC> | null = null;

/** The parser; loaded once. Without its grammar no file has definitions. Never rejects. */
export function loadTreeSitter(): Promise<ParseC> {
  return (loading ??= load().catch(() => () => []));
}

async function load(): Promise<ParseC> {
  const directory = wasmDirectory();
  // Not import(): the package's ES module looks for itself by import.meta, which a bundle does not have.
  const { Language, Parser } = require('web-tree-sitter') as typeof TreeSitter;
  await Parser.init({ wasmBinary: readFileSync(path.join(directory, 'web-tree-sitter.wasm')) });
  const language = await Language.load(new Uint8Array(readFileSync(path.join(directory, 'tree-sitter-c.wasm'))));
  const parser = new Parser();
  parser.setLanguage(language);
  return (tokens, text) => {
    const collector = new Collector(tokens);
    let left = MOST_CHECKS;
    for (const item of itemsOf(text.length > MOST_CHARACTERS ? '' : withoutMacros(text))) {
      if (--left < 0) break;
      const tree = parser.parse(item, null, { progressCallback: () => --left < 0 });
      if (!tree) {
        // Or the next file would be taken for the rest of this one.
        parser.reset();
        break;
      }
      collector.collect(tree.rootNode);
      tree.delete();
      collector.firstRow += item.split('\n').length - 1;
    }
    return collector.found;
  };
}

/**
 * The parts of a file that end with a brace in the first column, as functions and tables do in kernel style. Each is parsed
 * alone, so what the grammar does not understand in one leaves the others as they are.
 */
function* itemsOf(text: string): Generator<string> {
  let start = 0;
  for (const { index, 0: line } of text.matchAll(/^\}[^\n]*/gm)) {
    // `} cards[] = {` goes on.
    if (/[{=,]\s*$/.test(line)) continue;
    yield text.slice(start, index + line.length);
    start = index + line.length;
  }
  yield text.slice(start);
}

/** Files people write are smaller. */
const MOST_CHARACTERS = 1 << 20;
/**
 * How often the parser may report progress on one file: about a second's work, where the largest files of the kernel take
 * half of one and what the grammar chokes on takes minutes. A count gives the same answer on every machine.
 */
const MOST_CHECKS = 12_000;
/** Nobody nests declarators or directives as deep. */
const MOST_NESTED = 100;

/** `wasm/` beside the bundle, or the one of a build above it. */
function wasmDirectory(): string {
  for (let dir = __dirname; ; dir = path.dirname(dir)) {
    for (const candidate of [path.join(dir, 'wasm'), path.join(dir, 'dist', 'wasm')])
      if (existsSync(path.join(candidate, 'tree-sitter-c.wasm'))) return candidate;
    if (path.dirname(dir) === dir) throw new Error('the grammar of C is missing');
  }
}

/** No group is repeated without end, which would take the stack. Strings and characters, which stay, and what the grammar need not see: comments and lines of the preprocessor. */
const NOT_CODE =
  /(?<literal>"(?:\\[^]|[^"\\\n]){0,65535}"?|'(?:\\[^]|[^'\\\n]){0,65535}'?)|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$(?![^]))|^[ \t\v\f]*#(?:\\\r?\n|\/\*[^]*?(?:\*\/|$(?![^]))|[^\n]){0,65535}/gm;

/** The kernel's annotations are macros that no grammar of C expects. */
const ANNOTATION =
  /\b(?:__(?:init|exit|initdata|exitdata|initconst|exitconst|net_init|net_exit|used|unused|maybe_unused|always_unused|ro_after_init|read_mostly|always_inline|weak|cold|hot|user|iomem|rcu|percpu|force|kernel|must_check|packed|visible|ref|refdata|sched|pure|noreturn|randomize_layout|deprecated|malloc|latent_entropy|cacheline_aligned(?:_in_smp)?|nocast|bitwise|private)|noinline(?:_for_stack)?|asmlinkage|notrace|noinstr)\b|\b__(?:aligned|section|printf|scanf|alias|assume_aligned|acquires|releases|must_hold|cond_acquires|counted_by)\((?:[^()]|\([^()]*\))*\)/g;

/** Calls of macros that make an item without a semicolon: module_init(f). Their arguments are read from the tokens. */
const BARE_CALL = /^(\w+\()([^();{}]+)\)(?=\s*(?:^\w|$(?![^])))/gm;

/** The text for the parser: every position stays, what only the preprocessor understands is blank. */
function withoutMacros(text: string): string {
  return text
    .replace(NOT_CODE, (part, literal?: string) => literal ?? blank(part))
    .replace(ANNOTATION, blank)
    .replace(BARE_CALL, (_, call: string, inside: string) => `${call}${blank(inside).slice(1)});`);
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

/** Turns nodes into definitions over the tokens. */
class Collector {
  readonly found: Definition[] = [];
  /** Of the part that is being read. */
  firstRow = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  collect(root: Node): void {
    for (const node of root.namedChildren) this.visit(node, 0);
  }

  private visit(node: Node, depth: number): void {
    if (depth > MOST_NESTED || node.isMissing) return;
    if (node.type === 'function_definition') this.addFunction(node);
    else if (node.type === 'declaration') this.addObjects(node);
    else if (node.type === 'expression_statement') this.addInvocation(node);
    else if (node.type.startsWith('preproc_') || node.type === 'ERROR' || node.type === 'linkage_specification')
      for (const child of node.namedChildren) this.visit(child, depth + 1);
  }

  private addFunction(node: Node): void {
    const [declarator, body] = [node.childForFieldName('declarator'), node.childForFieldName('body')];
    if (!declarator || !body) return;
    const end = this.tokenAt(node.endPosition);
    this.adder('function', node)(declarator, body, end);
    if (this.tokens.slice(this.tokenAt(body.startPosition), end).some(({ text }) => text === 'static'))
      for (const inner of body.descendantsOfType('declaration'))
        if (storageClass(inner) === 'static') this.addObjects(inner);
  }

  private addObjects(node: Node): void {
    if (storageClass(node) === 'extern') return;
    const add = this.adder('object', node);
    const end = this.tokenAt(node.endPosition) - 1;
    for (const child of node.namedChildren) {
      const value = child.type === 'init_declarator' ? child.childForFieldName('value') : null;
      if (value) add(child.childForFieldName('declarator') ?? child, value, end);
      else if (OBJECT_DECLARATORS.has(child.type) && !isPrototype(child)) add(child, null, end);
    }
  }

  private addInvocation(node: Node): void {
    const call = node.namedChildren[0];
    const [macro, body] = [call?.childForFieldName('function'), call?.childForFieldName('arguments')];
    if (call?.type === 'call_expression' && macro && body)
      this.adder('invocation', node)(macro, body, this.tokenAt(body.endPosition));
  }

  /** Adds what one node defines. */
  private adder(kind: Definition['kind'], node: Node): (declarator: Node, body: Node | null, end: number) => void {
    const start = this.tokenAt(node.startPosition);
    const isStatic = storageClass(node) === 'static';
    return (declarator, body, end) => {
      const identifier = nameIn(declarator);
      const name = identifier && this.tokens[this.tokenAt(identifier.startPosition)];
      // The parser makes up names that it misses.
      if (name?.kind !== 'word' || name.text !== identifier?.text) return;
      this.found.push({ kind, name, isStatic, start, body: body ? this.tokenAt(body.startPosition) : end, end });
    };
  }

  /** Index of the first token at or behind a position, which counts from 0. */
  private tokenAt({ row: rowOfPart, column }: { readonly row: number; readonly column: number }): number {
    const row = this.firstRow + rowOfPart;
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

function storageClass(node: Node): string | undefined {
  return node.namedChildren.find(({ type }) => type === 'storage_class_specifier')?.text;
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
