// The pages of findings: title, reasons and remedies are written by hand, what the kernel says and the example are not.
import { formsOf, ownMessage, samples, type Sample } from '../../src/explain/forms';
import type { Shown } from './shown';

/** Everything that is said of a code by its definition. */
export function definitionsOf(code: string): Sample[] {
  return samples().filter(sample => sample.code === code);
}

/** A page with its generated parts made anew. */
export function withGenerated(page: string, code: string, example: Shown): string {
  const [title = ''] = page.split('\n', 1);
  const prose = page.slice(page.indexOf('## Why'));
  return [title, '', ...saidPart(code), ...examplePart(example), prose].join('\n');
}

function saidPart(code: string): string[] {
  const found = definitionsOf(code);
  const printed = [...new Set(found.flatMap(formsOf).map(({ shown }) => shown.replaceAll('\x7f', '\\x7f')))];
  if (printed.length > 0) return ['## What the kernel says', '', ...fence('text', printed), ''];
  const own = [...new Set(found.map(ownMessage))].filter(line => line !== null);
  if (found.every(({ severity }) => severity === 'hint') || code === 'init-memory-use')
    return ['## What Insmod Lens says', '', ...fence('text', own), ''];
  return ['## What the kernel says', '', 'Nothing. Insmod Lens says:', '', ...fence('text', own), ''];
}

function examplePart({ about, session, finding }: Shown): string[] {
  const explained = finding ? [...quoted(finding, session), ''] : [];
  return ['## Example', '', about, '', ...(session.length > 0 ? [...fence('console', session), ''] : []), ...explained];
}

/** What the editor shows at the line of the source, or at the module. */
function quoted({ message, explanation }: NonNullable<Shown['finding']>, session: readonly string[]): string[] {
  const lines = message.split(/\n|\\x0a/).filter(line => !session.includes(line));
  return [...lines.map(line => `> \`${line}\`  `), `> ${plainMarkdown(explanation)}`];
}

/** A name between two underscores on either side would be bold. */
const plainMarkdown = (text: string): string => text.replace(/(?<![\w`.])__(?=[A-Za-z0-9]+__)/g, '\\_\\_');

function fence(language: string, lines: readonly string[]): string[] {
  return ['```' + language, ...lines, '```'];
}

/** The list of all pages. */
export function indexPage(titles: ReadonlyMap<string, string>): string {
  const rows = [...titles].map(([code, title]) => [`[\`${code}\`](${code}.md)`, title] as const);
  const width = Math.max(...rows.map(([link]) => link.length));
  const wide = Math.max(...rows.map(([, title]) => title.length));
  const row = (left: string, right: string): string => `| ${left.padEnd(width)} | ${right.padEnd(wide)} |`;
  return [
    '# Findings',
    '',
    'One page for each code that Insmod Lens shows. Capitals stand for what varies: `M` for the module, `S` for a symbol, `P` for a',
    'parameter or the module that provides a symbol, `N` and `K` for numbers. What the kernel says and the examples are made by',
    '`npm run docs` from the definitions and from what real kernels answered.',
    '',
    row('code', 'what it is about'),
    `| ${'-'.repeat(width)} | ${'-'.repeat(wide)} |`,
    ...rows.map(([link, title]) => row(link, title)),
    '',
  ].join('\n');
}
