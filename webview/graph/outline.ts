// The shape of a node tells its kind, so that colour need not.
import { svg, type SVGTemplateResult } from 'lit';
import type { GraphNodeModel } from '../../src/protocol/view';
import type { Box } from './viewport';

/** Rounded for modules, doubled for the one in the middle, six corners for the kernel, dashed for what is missing. */
export function outline(kind: GraphNodeModel['kind'], { x, y, width, height }: Box): SVGTemplateResult {
  const shape = svg`<rect class="shape" x=${x} y=${y} width=${width} height=${height} rx="7" />`;
  switch (kind) {
    case 'focus':
      return svg`${shape}<rect class="inner" x=${x + 3} y=${y + 3} width=${width - 6} height=${height - 6} rx="5" />`;
    case 'module':
      return shape;
    case 'vmlinux': {
      const cut = 9;
      const [right, low, half] = [x + width, y + height, y + height / 2];
      const corners = [
        [x + cut, y],
        [right - cut, y],
        [right, half],
        [right - cut, low],
        [x + cut, low],
        [x, half],
      ];
      return svg`<polygon class="shape" points=${corners.map(corner => corner.join(',')).join(' ')} />`;
    }
    case 'missing':
      return svg`<rect class="shape" x=${x} y=${y} width=${width} height=${height} />`;
  }
}
