// Tables as Markdown.

/** Cells may hold anything: what Markdown would take for its own is escaped, except in a cell that is all code. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownHead(head) + rows.map(markdownRow).join('');
}

/** The line of titles and that below it. */
export function markdownHead(titles: readonly string[]): string {
  return `${markdownRow(titles)}|${' --- |'.repeat(titles.length)}\n`;
}

export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeCell).join(' | ')} |\n`;
}

function escapeCell(text: string): string {
  const line = text
    .split('\n')
    .map(part => part.trim())
    .join(' ');
  if (/^`[^`]+`$/.test(line)) return line.replaceAll('|', '\\|');
  return line.replace(/[\\|*_`~]/g, '\\$&').replaceAll('<', '&lt;');
}

/** A cell that is all code, unless the text could not stand in one. */
export function codeCell(text: string): string {
  return text === '' || text.includes('`') ? text : `\`${text}\``;
}
