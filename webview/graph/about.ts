// What is said about a graph as a whole: how much is shown, how far the reading is, what could not be read.
import { html, nothing, type TemplateResult } from 'lit';
import type { GraphModel, GraphProgressModel } from '../../src/protocol/view';
import { grouped } from '../text';
import type { ShownGraph } from './shown';
import { counted } from './words';

export function progressText(progress: GraphProgressModel | null): string {
  return progress ? `${grouped(progress.read)} of ${grouped(progress.total)} modules read` : '';
}

export function captionOf({ focus, nodes, edges, withoutKernel, truncated }: ShownGraph): string {
  const broken = edges.filter(edge => edge.broken).length;
  return [
    `${focus.name}: ${counted(nodes.length - 1, 'neighbour', 'neighbours')}, ${counted(edges.length, 'edge', 'edges')}`,
    // The verdict above is that of a machine on which only what the settings say is loaded.
    broken === 0 ? 'none broken once what it needs is loaded' : `✗ ${broken} broken`,
    ...(withoutKernel > 0 ? [`${counted(withoutKernel, 'edge', 'edges')} to vmlinux not shown`] : []),
    ...(truncated ? ['more neighbours than can be told apart: the rest is hidden'] : []),
  ].join('; ');
}

export function unreadable({ unreadable: files }: GraphModel): TemplateResult | typeof nothing {
  if (files.length === 0) return nothing;
  return html`<details class="unreadable">
    <summary>${counted(files.length, 'module could not be read', 'modules could not be read')}</summary>
    <ul>
      ${files.slice(0, 100).map(({ path, reason }) => html`<li><span class="mono">${path}</span>: ${reason}</li>`)}
    </ul>
  </details>`;
}
