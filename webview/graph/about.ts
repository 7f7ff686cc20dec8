// What is said about a graph as a whole: how much is shown, how far the reading is, what could not be read.
import { html, nothing, type TemplateResult } from 'lit';
import type { GraphModel, GraphProgressModel } from '../../src/protocol/view';
import { grouped } from '../text';
import type { ShownGraph } from './shown';
import { say, t } from '../l10n';

export function progressText(progress: GraphProgressModel | null): string {
  return progress ? t('{0} of {1} modules read', grouped(progress.read), grouped(progress.total)) : '';
}

export function captionOf({ focus, nodes, edges, withoutKernel, truncated }: ShownGraph): string {
  const broken = edges.filter(edge => edge.broken).length;
  return [
    t('{0}: {1}, {2}', focus.name, neighboursText(nodes.length - 1), edgesText(edges.length)),
    // The verdict above is that of a machine on which only what the settings say is loaded.
    broken === 0 ? t('none broken once what it needs is loaded') : t('✗ {0} broken', broken),
    ...(withoutKernel > 0
      ? [
          withoutKernel === 1
            ? t('{0} edge to vmlinux not shown', 1)
            : t('{0} edges to vmlinux not shown', grouped(withoutKernel)),
        ]
      : []),
    ...(truncated ? [t('Too many neighbors; the rest are hidden')] : []),
  ].join('; ');
}

function neighboursText(count: number): string {
  return count === 1 ? t('{0} neighbor', 1) : t('{0} neighbors', grouped(count));
}

function edgesText(count: number): string {
  return count === 1 ? t('{0} edge', 1) : t('{0} edges', grouped(count));
}

export function unreadable({ unreadable: files }: GraphModel): TemplateResult | typeof nothing {
  if (files.length === 0) return nothing;
  return html`<details class="unreadable">
    <summary>
      ${files.length === 1 ? t('{0} module could not be read', 1) : t('{0} modules could not be read', grouped(files.length))}
    </summary>
    <ul>
      ${files.slice(0, 100).map(({ path, reason }) => html`<li><span class="mono">${path}</span>: ${say(reason)}</li>`)}
    </ul>
  </details>`;
}
