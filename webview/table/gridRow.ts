// One row of a grid: elements that are filled anew when the row is another, since making them is what takes time.
import type { TableModel, Tone } from './model';

/** Pixels; the style sheet has the same. */
export const ROW_HEIGHT = 22;

export class GridRow {
  readonly element = gridElement('row', 'row');
  /** In what is shown; -1 before it is filled. */
  position = -1;
  private readonly cells: HTMLElement[] = [];
  private readonly texts: Text[] = [];
  private readonly tones: Tone[] = [];

  constructor({ columns }: TableModel) {
    columns.forEach(({ align, mono }, i) => {
      const cell = gridElement('gridcell', 'cell');
      cell.setAttribute('aria-colindex', String(i + 1));
      cell.classList.toggle('end', align === 'end');
      cell.classList.toggle('words', mono !== true);
      const text = document.createTextNode('');
      cell.append(text);
      this.cells.push(cell);
      this.texts.push(text);
      this.tones.push('');
    });
    this.element.append(...this.cells);
  }

  /** `index` is what assistive technology is told, counting from 1. */
  fill(model: TableModel, row: number, position: number, index: number): void {
    this.position = position;
    this.element.setAttribute('aria-rowindex', String(index));
    this.element.style.transform = `translateY(${position * ROW_HEIGHT}px)`;
    this.texts.forEach((text, column) => {
      const wanted = model.cell(row, column);
      if (text.data !== wanted) text.data = wanted;
      const tone = model.tone?.(row, column) ?? '';
      if (this.tones[column] === tone) return;
      this.tones[column] = tone;
      this.cells[column]?.classList.toggle('good', tone === 'good');
      this.cells[column]?.classList.toggle('bad', tone === 'bad');
    });
  }

  /** Shows whether it is selected, and which of its cells the keys are at: -1 for none. */
  mark(selected: boolean, active: number, activeId: string): void {
    if (this.element.getAttribute('aria-selected') !== String(selected))
      this.element.setAttribute('aria-selected', String(selected));
    this.element.classList.toggle('active', active >= 0);
    this.cells.forEach((cell, column) => {
      if (column === active) cell.id = activeId;
      else if (cell.id !== '') cell.removeAttribute('id');
    });
  }
}

/** A div with a role; '' for none. */
export function gridElement(role: string, className: string): HTMLElement {
  const made = document.createElement('div');
  made.className = className;
  if (role !== '') made.setAttribute('role', role);
  return made;
}
