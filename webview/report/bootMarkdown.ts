// A module on a real kernel as Markdown, for a merge request or a chat.
import type { BootPage } from '../../src/protocol/pages';
import { markdownTable } from '../export/markdown';
import { t } from '../l10n';
import { rowsOf } from './factRows';

export function bootMarkdown(page: BootPage): string {
  const rows = rowsOf(page.facts).map(({ mark, label, name, simulated, real }) => [
    mark,
    `${label} ${name}`.trim(),
    simulated ?? '',
    real ?? '',
  ]);
  const table = markdownTable(['', t('Fact'), t('Simulation'), t('Real kernel')], rows);
  return `${page.summary}\n\n${table}`;
}
