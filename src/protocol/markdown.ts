// Text of modules and kernels inside documents of ours: it shows as what it is, whatever it holds. Names, descriptions
// and reasons come from files that strangers wrote.

/** Without line breaks and other controls. */
export function oneLine(text: string): string {
  return text.replace(/[\0-\x1f\x7f\u2028\u2029]+/g, ' ');
}

/**
 * Between words of Markdown, or a paragraph of its own: neither link, picture, emphasis, table, list nor heading. Names
 * of symbols stay readable as text: an underscore inside of a word means nothing.
 */
export function plain(text: string): string {
  return oneLine(text)
    .trim()
    .replace(/[\\`*[\]<|~@]|:(?=\/\/)|(?<=www)\./gi, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/^(?=[+-](?:\s|$)|#{1,6}(?:\s|$)|>|[-=][-=\s]*$)/, '\\')
    .replace(/^(\d+)(?=[.)](?:\s|$))/, '$1\\');
}

/** Between single backticks, which it cannot hold itself. */
export function inCode(text: string): string {
  return oneLine(text).replaceAll('`', "'");
}

/** Lines in a block of code, whose fence is longer than any in them. */
export function codeBlock(lines: readonly string[]): string[] {
  const runs = lines.flatMap(line => line.match(/`{3,}/g) ?? []);
  const fence = '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return [fence, ...lines, fence];
}
