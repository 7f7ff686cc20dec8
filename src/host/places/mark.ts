// From a line that debug information names to the identifier on it.
import type { CSource } from '../../formats/c/source';
import type { Token } from '../../formats/c/tokens';

/** Where a name stands near a line: line and column, both from 1. */
export interface Mark {
  readonly line: number;
  readonly column: number;
}

/**
 * The identifier to mark for a use of `name` that the compiler places at a line and column: the name itself, else a
 * macro that leads to it, else what stands at the column.
 */
export function markUse(
  source: CSource | null,
  at: { readonly line: number; readonly column: number },
  name: string,
  macros: ReadonlySet<string>,
): Mark {
  if (!source) return { line: at.line, column: at.column || 1 };
  const found = nearest(source, at, [name]) ?? nearest(source, at, macros) ?? wordAt(source, at);
  return found ? { line: found.line, column: found.column } : { line: at.line, column: at.column || 1 };
}

/** One of the names on the line, at the column if it stands there, or else in the statement around the line. */
function nearest(
  source: CSource,
  { line, column }: { readonly line: number; readonly column: number },
  names: Iterable<string>,
): Token | null {
  const { start, end } = source.statementAtLine(line);
  const uses = [...names].flatMap(name => source.uses(name, start, end));
  const onLine = uses.filter(token => token.line === line);
  return (
    onLine.find(token => token.column === column) ??
    onLine[0] ??
    uses.sort((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line))[0] ??
    null
  );
}

function wordAt(source: CSource, { line, column }: { readonly line: number; readonly column: number }): Token | null {
  let first: Token | null = null;
  for (let at = source.tokenAtLine(line); source.tokens[at]?.line === line; at++) {
    const token = source.tokens[at];
    if (token?.kind !== 'word') continue;
    first ??= token;
    if (column > 0 && token.column <= column && column < token.column + token.text.length) return token;
  }
  return first;
}
