// A walk through loading as Markdown.
import type { StepsModel } from '../../src/protocol/view';
import { markdownTable } from '../export/markdown';

export function stepsMarkdown(name: string, model: StepsModel): string {
  const rows = model.stages.map(({ name: stage, outcome, notes, changed, taints }) => [
    `\`${stage}\``,
    outcome,
    changed.join(', '),
    taints,
    notes.join('; '),
  ]);
  const log = model.log.map(({ text }) => `    ${text}`).join('\n');
  const end = model.errno === 0 ? 'It would load.' : `${model.errnoName ?? model.errno}: ${model.insmod ?? ''}`;
  return [
    `## Loading ${name} on ${model.release}`,
    '',
    markdownTable(['stage', 'outcome', 'changes', 'taints', 'notes'], rows),
    end,
    '',
    ...(log === '' ? [] : [log, '']),
  ].join('\n');
}
