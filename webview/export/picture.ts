// Drawings as files: an SVG that looks the same outside of the page, and its picture as PNG.
import { t } from '../l10n';

/** Properties that style sheets give and that a file has to carry itself. */
const CARRIED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'visibility',
];

/** Sharp on the screens of today. */
const SCALE = 2;

/** A copy that carries its colours and fonts; sized as it is drawn on the page. */
export function standaloneSvg(drawn: SVGSVGElement): SVGSVGElement {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const from = [drawn, ...drawn.querySelectorAll<SVGElement>('*')];
  const to = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of CARRIED) {
      const value = style.getPropertyValue(name);
      // References to patterns keep their meaning as attributes only.
      if (value !== '' && !value.includes('url(')) to[i]?.setAttribute(name, value);
    }
    to[i]?.removeAttribute('class');
  });
  return copy;
}

/** Drawings below each other in one file, on the background of the page. */
export function stackedSvg(parts: readonly { readonly title: string; readonly drawn: SVGSVGElement }[]): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const whole = document.createElementNS(namespace, 'svg');
  const style = getComputedStyle(document.body);
  const background = document.createElementNS(namespace, 'rect');
  whole.append(background);
  let height = 8;
  let width = 0;
  for (const { title, drawn } of parts) {
    const box = drawn.viewBox.baseVal;
    if (title !== '') {
      const text = document.createElementNS(namespace, 'text');
      text.textContent = title;
      for (const [name, value] of Object.entries({
        x: '8',
        y: String(height + 14),
        fill: style.color,
        'font-size': '13',
      }))
        text.setAttribute(name, value);
      text.setAttribute('font-family', style.fontFamily);
      whole.append(text);
      height += 22;
    }
    const copy = standaloneSvg(drawn);
    for (const [name, value] of Object.entries({ x: 8, y: height, width: box.width, height: box.height }))
      copy.setAttribute(name, String(value));
    whole.append(copy);
    height += box.height + 12;
    width = Math.max(width, box.width + 16);
  }
  for (const element of [whole, background]) {
    element.setAttribute('width', String(width));
    element.setAttribute('height', String(height));
  }
  whole.setAttribute('viewBox', `0 0 ${width} ${height}`);
  background.setAttribute('fill', style.getPropertyValue('--vscode-editor-background') || 'white');
  return whole;
}

export function svgBytes(picture: SVGSVGElement): Uint8Array {
  picture.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new TextEncoder().encode(new XMLSerializer().serializeToString(picture));
}

/** Rejects when the picture cannot be drawn, which a canvas too large for the browser is one reason of. */
export async function pngBytes(picture: SVGSVGElement): Promise<Uint8Array> {
  const image = new Image();
  const bytes = svgBytes(picture);
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type: 'image/svg+xml' }));
  try {
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = SCALE * Number(picture.getAttribute('width'));
    canvas.height = SCALE * Number(picture.getAttribute('height'));
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'));
    if (!blob) throw new Error(t('the picture is too large to be drawn as PNG: save it as SVG'));
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}
