// Widths of texts in the fonts of the page.
import type { Measures } from './layout';

let kept: Measures | null = null;

/** Asked once: a font is not changed while one looks. */
export function measures(): Measures {
  if (kept) return kept;
  const context = document.createElement('canvas').getContext('2d');
  const { fontFamily } = getComputedStyle(document.body);
  const width = (font: string) => {
    const widths = new Map<string, number>();
    return (text: string): number => {
      let known = widths.get(text);
      if (known === undefined) {
        if (context) context.font = font;
        known = context?.measureText(text).width ?? 7 * text.length;
        widths.set(text, known);
      }
      return known;
    };
  };
  kept = { title: width(`600 13px ${fontFamily}`), small: width(`11px ${fontFamily}`) };
  return kept;
}
