// The matrix in words: the same in text and in Markdown.
import type { MatrixCell } from './types';

/** `✓`, `ENOEXEC: vermagic`, `unchecked`; after a build for the kernel, what is left of it. */
export function cellText(cell: MatrixCell): string {
  const { verdict, errno, errnoName, check, source } = cell;
  if (source) return source.fits ? '✓' : `✗ ${sourceText(cell)}`;
  const why = check === null ? '' : `: ${check}`;
  if (verdict === 'refused') return `✗ ${errnoName ?? errno}${why}`;
  if (verdict === 'unchecked') return '? unchecked';
  return errno === 0 ? '✓' : `✓ init: ${errnoName ?? errno}`;
}

function sourceText({ source }: MatrixCell): string {
  if (!source) return '';
  const { missing, gplOnly, namespaces, otherwise } = source;
  const symbols = (count: number): string => (count === 1 ? '1 symbol' : `${count} symbols`);
  return [
    ...(missing.length > 0 ? [`${symbols(missing.length)} missing`] : []),
    ...(gplOnly.length > 0 ? [`${symbols(gplOnly.length)} GPL-only`] : []),
    ...(namespaces.length > 0 ? [`${symbols(namespaces.length)} in a namespace`] : []),
    ...otherwise,
  ].join(', ');
}

/** Symbols of a line are cut where there are more. */
const MOST_SYMBOLS = 5;

/** Why a cell is as it is, a line each; none for a module that loads. */
export function reasonLines(cell: MatrixCell): string[] {
  const { reason, next, source } = cell;
  if (!source) {
    const more =
      next.length === 0
        ? []
        : [`next: ${next[0]?.message ?? ''}${next.length > 1 ? ` (and ${next.length - 1} more)` : ''}`];
    return [...(reason === null ? [] : [reason]), ...more];
  }
  const lines: string[] = [];
  const add = (what: string, names: readonly string[]): void => {
    if (names.length === 0) return;
    const more = names.length > MOST_SYMBOLS ? ` and ${names.length - MOST_SYMBOLS} more` : '';
    lines.push(`${what}: ${names.slice(0, MOST_SYMBOLS).join(', ')}${more}`);
  };
  add('not exported', source.missing);
  add('for GPL-compatible modules only', source.gplOnly);
  add(
    'namespace not imported',
    source.namespaces.map(({ symbol, namespace }) => `${symbol} (${namespace})`),
  );
  add('also refused for', source.otherwise);
  if (source.settledByBuild.length > 0 && !source.fits) add('a build for this kernel settles', source.settledByBuild);
  return lines;
}
