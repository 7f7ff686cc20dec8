// Tables as Markdown.

/** Cells may hold anything: what Markdown would take for its own is escaped. */
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
  return text
    .replace(/[\\|]/g, '\\$&')
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('<', '&lt;');
}
