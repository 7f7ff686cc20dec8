// The memory maps of a page in one file.
import { pngBytes, stackedSvg, svgBytes } from '../export/picture';
import type { Host } from '../host';

export async function saveMap(root: HTMLElement, host: Host, name: string, type: 'svg' | 'png'): Promise<void> {
  const parts = [...root.querySelectorAll<HTMLElement>('figure.region')].flatMap(figure => {
    const drawn = figure.querySelector<SVGSVGElement>('svg.map');
    const release = figure.closest<HTMLElement>('.pane')?.dataset['release'] ?? '';
    return drawn ? [{ title: `${release}: ${drawn.getAttribute('aria-label') ?? ''}`, drawn }] : [];
  });
  const picture = stackedSvg(parts);
  host.send({
    kind: 'save',
    name: `${name}-layout.${type}`,
    data: type === 'svg' ? svgBytes(picture) : await pngBytes(picture),
  });
}
