// The whole drawing of a graph as a file.
import { pngBytes, stackedSvg, svgBytes } from '../export/picture';
import type { Host } from '../host';
import { t } from '../l10n';
import type { GraphDrawing } from './graphDrawing';

/** Rejects when there is no such picture, which {@link pngBytes} says more about. */
export async function saveGraph(drawing: GraphDrawing, host: Host, type: 'svg' | 'png'): Promise<void> {
  const { focus, release } = drawing.graph;
  const title = t('Dependencies of {0} on {1}', focus.name, release);
  const picture = drawing.whole(drawn => stackedSvg([{ title, drawn }]));
  if (!picture) return;
  const name = focus.name.replace(/[/\\]/g, '_');
  host.send({
    kind: 'save',
    name: `${name}-dependencies.${type}`,
    data: type === 'svg' ? svgBytes(picture) : await pngBytes(picture),
  });
}
