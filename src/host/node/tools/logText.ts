// What a piece of a kernel log means, as Markdown.
import { explainLog, type Explained, type ExplainedTool } from '../../../explain/explainLog';
import type { Finding } from '../../../findings/types';
import { errnoName } from '../../../linux/errno';
import type { ModuleReport } from '../../../protocol/analysis';
import { textsOf } from '../../../findings/all';
import { english, type Translate } from '../../../findings/words';
import { codeBlock, plain } from '../../../protocol/markdown';
import { pageLine, type PageSource } from './pageText';
import { place } from './resultText';

/**
 * @param report of the module the log is about, where there is one: it knows places in the source, and values the log
 * does not name
 * @param t the reader's language; pages are English
 */
export function logText(
  log: string,
  pages: PageSource,
  report: ModuleReport | null = null,
  t: Translate = english,
): string {
  const { entries, tools, otherLines } = explainLog(log, t);
  const lines = [`# ${t('What the kernel log says')}`, ''];
  for (const entry of entries) lines.push(...entryLines(entry, pages, report, t));
  for (const tool of tools) lines.push(...toolLines(tool, pages, entries.length > 0, t));
  if (entries.length + tools.length === 0)
    lines.push(t('None of these lines is one that the kernel prints while it loads a module.'), '');
  else if (otherLines > 0) lines.push(t('{0} other lines are not about loading modules.', otherLines), '');
  return lines.join('\n');
}

function entryLines(entry: Explained, pages: PageSource, report: ModuleReport | null, t: Translate): string[] {
  const finding = findingOf(entry, report);
  const codes = finding ? [finding.code] : entry.codes;
  const about = [entry.module, entry.symbol].filter(Boolean).join(', ');
  const lines = [`## ${t(entry.severity)}: ${codes.join(` ${t('or')} `)}${about ? ` (${plain(about)})` : ''}`, ''];
  lines.push(...codeBlock(entry.lines), '');
  const explanation = finding ? textsOf(finding, t).explanation : entry.explanation;
  if (explanation !== null) lines.push(plain(explanation), '');
  const [first] = finding?.locations ?? [];
  if (first) lines.push(t('In your source: {0}', plain(place(first))), '');
  if (codes.length > 1) lines.push(t('One of these; the line alone does not tell which:'), '');
  for (const code of codes) {
    const page = pages.page(code);
    if (!page) continue;
    if (codes.length > 1) lines.push(`- ${pageLine(code, pages)}. ${page.fix}`);
    else if (entry.severity === 'information') lines.push(page.fix);
    else lines.push(...(explanation === null ? [page.why, ''] : []), t('What to do: {0}', page.fix));
  }
  lines.push('');
  return lines;
}

/** What the simulation says of the same line. */
function findingOf({ lines, codes }: Explained, report: ModuleReport | null): Finding | undefined {
  return report?.results
    .flatMap(({ result }) => result.findings)
    .find(({ code, message }) => codes.includes(code) && message.split('\n').some(line => lines.includes(line)));
}

function toolLines(
  { line, errno, causes }: ExplainedTool,
  pages: PageSource,
  hasKernelLines: boolean,
  t: Translate,
): string[] {
  const lines = [`## ${t('The line of the tool')}`, '', ...codeBlock([line]), ''];
  if (errno === null) return [...lines, t('Its text is not one that stands for an errno.'), ''];
  lines.push(t('This is errno {0} ({1}), and nothing more.', errno, errnoName(errno) ?? errno), '');
  if (hasKernelLines) return [...lines, t('The lines of the kernel above say why.'), ''];
  return [
    ...lines,
    t('It may come from:'),
    '',
    ...causes.map(code => `- ${pageLine(code, pages)}`),
    '',
    t('The kernel log says which: run `dmesg | tail` right after, and explain that.'),
    '',
  ];
}
