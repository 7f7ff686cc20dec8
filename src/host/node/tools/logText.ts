// What a piece of a kernel log means, as Markdown: the cause with what helps, then the rest, harmless notes last.
import { explainLog, type LogExplanation } from '../../../explain/explainLog';
import { type Explained, type ExplainedTool } from '../../../explain/explained';
import type { Advice } from '../../../explain/causes/types';
import type { Finding } from '../../../findings/types';
import { compareWithLog } from '../../../explain/compareWithLog';
import { errnoName } from '../../../linux/errno';
import type { ModuleReport, TargetResult } from '../../../protocol/analysis';
import { textsOf } from '../../../findings/all';
import { english, type Translate } from '../../../findings/words';
import { codeBlock, inCode, plain } from '../../../protocol/markdown';
import { pageLine, type PageSource } from './pageText';
import { place } from './resultText';

/** Pages on one errno that are named with what they say; the commonest come first. */
const MOST_PAGES = 5;

interface Context {
  readonly explained: LogExplanation;
  readonly pages: PageSource;
  readonly report: ModuleReport | null;
  readonly t: Translate;
}

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
  const explained = explainLog(log, t);
  const context = { explained, pages, report, t };
  const { main, entries, tools, failed, omittedLines, unknown, unknownLines } = explained;
  const lines = [`# ${t('What the kernel log says')}`, ''];
  // The main cause stands first, whichever kind it is.
  const [mainTool] = tools.filter(tool => tool === main);
  if (mainTool) lines.push(...toolLines(mainTool, context));
  for (const entry of entries) lines.push(...entryLines(entry, context));
  for (const tool of tools) if (tool !== mainTool) lines.push(...toolLines(tool, context));
  if (main !== null && !failed) lines.push(t('No line here says that a module was refused.'), '');
  for (const { release, result } of report?.results ?? []) lines.push(...simulated(result, release, context));
  if (omittedLines > 0) lines.push(t('{0} more lines have the same causes.', omittedLines), '');
  if (unknownLines > 0)
    lines.push(t('Lines that Insmod Lens does not know ({0}):', unknownLines), '', ...codeBlock(unknown), '');
  return lines.join('\n');
}

function entryLines(entry: Explained, context: Context): string[] {
  const { pages, report, t } = context;
  const finding = findingOf(entry, report);
  const codes = finding ? [finding.code] : entry.codes;
  const about = [entry.module, ...entry.symbols].filter(name => name !== null).join(', ');
  const title = codes.length > 0 ? codes.join(` ${t('or')} `) : (entry.cause ?? '');
  const lines = [`## ${t(entry.severity)}: ${title}${about ? ` (${plain(about)})` : ''}`, ''];
  lines.push(...codeBlock(entry.lines), '');
  const explanation = finding ? textsOf(finding, t).explanation : entry.explanation;
  const isFailure = entry.effect === 'refused' || entry.effect === 'crashed';
  // What a finding says of a line that was accepted does not hold where something else refused the module.
  if (!isFailure && context.explained.failed) {
    lines.push(t('This line is not the cause of the failure.'), '');
    return lines;
  }
  if (explanation !== null && (isFailure || entry.advice === null)) lines.push(plain(explanation), '');
  if (entry.advice) lines.push(...adviceLines(entry.advice, explanation !== null && isFailure, t));
  const [first] = finding?.locations ?? [];
  if (first) lines.push(t('In your source: {0}', plain(place(first))), '');
  if (codes.length > 1) lines.push(t('One of these; the line alone does not tell which:'), '');
  for (const code of codes) {
    const page = pages.page(code);
    if (!page || entry.effect === 'note') continue;
    if (codes.length > 1) lines.push(`- ${pageLine(code, pages)}. ${page.fix}`);
    else lines.push(...(explanation === null && !entry.advice ? [page.why, ''] : []), t('What to do: {0}', page.fix));
  }
  lines.push('');
  return lines;
}

/** Whether the simulation of the module says what the log says, and what the kernel would have said. */
function simulated(result: TargetResult['result'], release: string, { explained, t }: Context): string[] {
  const { outcome } = compareWithLog(explained, result);
  const name = plain(result.module.name);
  const kernel = plain(release);
  const printed = [...result.log.map(({ text }) => text), ...(result.insmod === null ? [] : [result.insmod])];
  const said = printed.length > 0 ? codeBlock(printed) : [t('(nothing)')];
  if (outcome === 'reproduced')
    return [t('Reproduced: the simulation of {0} on {1} prints the same.', name, kernel), ''];
  const first =
    outcome === 'differs'
      ? t(
          'Differs: the log is from another build, another kernel or another state than {0} on {1}. The simulation prints:',
          name,
          kernel,
        )
      : t('Simulated {0} on {1}. The kernel would print:', name, kernel);
  const finding = result.findings.find(({ severity, locations }) => severity === 'error' && locations.length > 0);
  const [at] = finding?.locations ?? [];
  return [first, '', ...said, '', ...(at ? [t('In your source: {0}', plain(place(at))), ''] : [])];
}

function adviceLines({ why, command, apart }: Advice, isExplained: boolean, t: Translate): string[] {
  return [
    ...(isExplained ? [] : [plain(why), '']),
    ...(command === null ? [] : [t('First run: {0}', `\`${inCode(command)}\``), '']),
    ...(apart === null ? [] : [plain(apart), '']),
  ];
}

/** What the simulation says of the same line. */
function findingOf({ lines, codes }: Explained, report: ModuleReport | null): Finding | undefined {
  return report?.results
    .flatMap(({ result }) => result.findings)
    .find(({ code, message }) => codes.includes(code) && message.split('\n').some(line => lines.includes(line)));
}

function toolLines(tool: ExplainedTool, { explained, pages, t }: Context): string[] {
  const { errno, causes, advice } = tool;
  const lines = [`## ${t('The line of the tool')}`, '', ...codeBlock(tool.lines), ''];
  if (errno !== null) lines.push(t('This is errno {0} ({1}), and nothing more.', errno, errnoName(errno) ?? errno), '');
  const isAnswered = explained.entries.some(
    ({ effect, module }) =>
      effect === 'refused' && (module === null || tool.module === null || tool.modules.includes(module)),
  );
  if (tool.cause === null && isAnswered) return [...lines, t('The lines of the kernel say why.'), ''];
  lines.push(...adviceLines(advice, false, t));
  if (causes.length > 0)
    lines.push(
      t('It may come from:'),
      '',
      ...causes.slice(0, MOST_PAGES).map(code => `- ${pageLine(code, pages)}`),
      '',
    );
  if (causes.length > MOST_PAGES) lines.push(t('Rarer: {0}', causes.slice(MOST_PAGES).join(', ')), '');
  return lines;
}
