// A walk through loading as Markdown.
import type { StepsModel } from '../../src/protocol/view';
import { markdownTable } from '../export/markdown';
import { say, t } from '../l10n';
import { linksMarkdown } from './linkTable';
import { usesMarkdown } from './searchPath';
import { structModuleMarkdown } from './structModule';
import { changeWords, OUTCOMES } from './timeline';

export function stepsMarkdown(name: string, model: StepsModel): string {
  const rows = model.stages.map(({ name: stage, outcome, notes, changed, taints }) => [
    `\`${stage}\``,
    OUTCOMES[outcome][1],
    changeWords(changed),
    taints,
    notes.map(say).join('; '),
  ]);
  const log = model.log.map(({ text }) => `    ${text}`).join('\n');
  const end = model.errno === 0 ? t('It would load.') : `${model.errnoName ?? model.errno}: ${model.insmod ?? ''}`;
  return [
    `## ${t('Loading {0} on {1}', name, model.release)}`,
    '',
    markdownTable([t('stage'), t('outcome'), t('changes'), t('taints'), t('notes')], rows),
    ...structModuleMarkdown(model.structModule, model.stages),
    ...usesMarkdown(model.symbols),
    ...linksMarkdown(model),
    end,
    '',
    ...(log === '' ? [] : [log, '']),
  ].join('\n');
}
