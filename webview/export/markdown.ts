// Tables as Markdown.

/** Cells may hold anything: what Markdown would take for its own is escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n') + '\n';
}

function escapeCell(text: string): string {
  return text
    .replace(/[\\|]/g, '\\$&')
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('<', '&lt;');
}
