// The part of a table that scrolls. It is drawn by hand, not by lit: only rows that are seen have elements, and these are
// filled again and again while one scrolls.
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { drawHead, markOrder } from './gridHead';
import { gridElement, GridRow, ROW_HEIGHT } from './gridRow';
import { HEAD, placeAfter, type Place } from './keys';
import type { TableModel, TableOrder } from './model';

/** Rows that are drawn beyond what is seen. */
const OVERSCAN = 6;

export interface GridEvents {
  sortBy(column: number): void;
  /** Ctrl+C. */
  copy(): void;
}

export class Grid {
  private readonly head = gridElement('', 'head');
  private readonly body = gridElement('', 'rows');
  private readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  private readonly unmount: () => void;
  private readonly drawn = new Map<number, GridRow>();
  private spare: GridRow[] = [];
  private titles: HTMLElement[] = [];
  private model: TableModel = { columns: [], rowCount: 0, cell: () => '', sortValue: () => 0 };
  private rows: Uint32Array = new Uint32Array(0);
  private active: Place = { row: 0, column: 0 };
  /** Where the selection began that ends at the active row; null before anything was selected. */
  private anchor: number | null = null;

  /** Takes over an empty element with the role of a grid. */
  constructor(
    private readonly element: HTMLElement,
    private readonly id: string,
    private readonly events: GridEvents,
  ) {
    element.append(this.head, this.body);
    element.addEventListener('keydown', event => this.onKey(event));
    element.addEventListener('focus', () => this.place(this.active, true));
    this.head.addEventListener('mousedown', event => this.keepFocus(event));
    this.body.addEventListener('mousedown', event => this.onPress(event));
    this.body.addEventListener('dblclick', () => this.open());
    this.body.addEventListener('mouseover', event => tellWhole(event.target));
    this.virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
      count: 0,
      overscan: OVERSCAN,
      getScrollElement: () => element,
      estimateSize: () => ROW_HEIGHT,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: ({ isScrolling }) => this.draw(!isScrolling),
    });
    this.unmount = this.virtualizer._didMount();
  }

  dispose(): void {
    this.unmount();
  }

  /** Shows these rows of a model; what was active stays so where it is still there. */
  show(model: TableModel, rows: Uint32Array, order: TableOrder | null): void {
    const kept = this.model === model ? rows.indexOf(this.rows[this.active.row] ?? -1) : this.active.row;
    if (this.model !== model) this.takeModel(model);
    // Other rows, or another order, that was asked for here: one reads on from the top.
    else this.element.scrollTop = 0;
    markOrder(this.titles, model, order);
    this.rows = rows;
    this.element.setAttribute('aria-rowcount', String(rows.length + this.head.childElementCount));
    this.body.style.height = `${rows.length * ROW_HEIGHT}px`;
    if (this.active.row !== HEAD)
      this.active = { ...this.active, row: Math.min(Math.max(kept, 0), Math.max(rows.length - 1, 0)) };
    // What was selected may be scattered by now.
    if (this.anchor !== null) this.anchor = kept < 0 ? null : this.active.row;
    this.virtualizer.setOptions({ ...this.virtualizer.options, count: rows.length });
    this.virtualizer._willUpdate();
    // What scrolls into view has to come out from under the titles.
    this.element.style.scrollPaddingTop = `${this.head.offsetHeight}px`;
    for (const [position, row] of this.drawn) this.release(position, row);
    this.draw(true);
  }

  /** Numbers of the selected rows in the model, in the order shown. */
  get selected(): Uint32Array {
    const [from, to] = this.selection;
    return this.rows.subarray(from, to + 1);
  }

  /** First and last; the latter before the former for none. */
  private get selection(): readonly [number, number] {
    if (this.anchor === null) return [0, -1];
    const end = Math.max(this.active.row, 0);
    return [Math.min(this.anchor, end), Math.max(this.anchor, end)];
  }

  private takeModel(model: TableModel): void {
    this.model = model;
    const { columns } = model;
    this.titles = drawHead(this.head, model, column => {
      this.goTo({ row: HEAD, column }, false);
      this.events.sortBy(column);
    });
    this.element.setAttribute('aria-colcount', String(columns.length));
    const tracks = columns.map(({ width, grow }) => {
      const least = `calc(${width}ch + var(--cell-padding))`;
      return grow === undefined ? least : `minmax(${least}, ${grow}fr)`;
    });
    const characters = columns.reduce((total, { width }) => total + width, 0);
    this.element.style.setProperty('--columns', tracks.join(' '));
    this.element.style.setProperty('--least', `calc(${characters}ch + ${columns.length} * var(--cell-padding))`);
    for (const { element } of this.drawn.values()) element.remove();
    this.drawn.clear();
    this.spare = [];
    this.active = { ...this.active, column: Math.min(this.active.column, Math.max(columns.length - 1, 0)) };
  }

  private release(position: number, row: GridRow): void {
    this.drawn.delete(position);
    this.spare.push(row);
  }

  /** Gives every row that is seen an element. `atRest`: there is time for what nobody sees. */
  private draw(atRest: boolean): void {
    const wanted = new Set(this.virtualizer.getVirtualIndexes());
    // What the keys are at has to be there for those who only hear it.
    if (this.active.row >= 0 && this.active.row < this.rows.length) wanted.add(this.active.row);
    for (const [position, row] of this.drawn) if (!wanted.has(position)) this.release(position, row);
    for (const position of wanted) {
      if (this.drawn.has(position)) continue;
      const row = this.spare.pop() ?? new GridRow(this.model);
      row.fill(this.model, this.rows[position] ?? 0, position, this.head.childElementCount + position + 1);
      if (!row.element.isConnected) this.body.append(row.element);
      this.drawn.set(position, row);
      this.mark(row);
    }
    if (atRest) this.tidy();
  }

  /** Rows in the order in which they are read out, and none that is not shown. */
  private tidy(): void {
    for (const { element } of this.spare) element.remove();
    this.spare = [];
    const rows = [...this.drawn.values()].sort((a, b) => a.position - b.position);
    let at = this.body.firstElementChild;
    for (const { element } of rows) {
      if (element === at) at = at.nextElementSibling;
      else this.body.insertBefore(element, at);
    }
  }

  private mark(row: GridRow): void {
    const [from, to] = this.selection;
    const { active } = this;
    row.mark(
      row.position >= from && row.position <= to,
      row.position === active.row ? active.column : -1,
      this.cellId(active),
    );
  }

  private cellId({ row, column }: Place): string {
    return `${this.id}-${row}-${column}`;
  }

  /** Makes a place the one the keys are at, and the only one selected unless the selection is to `extend` to it. */
  private place(place: Place, extend: boolean): void {
    this.active = place;
    if (place.row !== HEAD && (!extend || this.anchor === null)) this.anchor = place.row;
    this.draw(true);
    for (const row of this.drawn.values()) this.mark(row);
    this.titles.forEach((title, column) => {
      title.classList.toggle('active', place.row === HEAD && column === place.column);
      title.id = this.cellId({ row: HEAD, column });
    });
    this.element.setAttribute('aria-activedescendant', this.cellId(place));
  }

  private goTo(place: Place, extend: boolean): void {
    this.place(place, extend);
    document.getElementById(this.cellId(place))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  private onKey(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    const ctrl = event.ctrlKey || event.metaKey;
    const page = Math.max(Math.floor((this.element.clientHeight - this.head.offsetHeight) / ROW_HEIGHT) - 1, 1);
    const extent = { rows: this.rows.length, columns: this.model.columns.length, page };
    const place = event.altKey ? null : placeAfter(this.active, key, ctrl, extent);
    if (place) this.goTo(place, shiftKey);
    else if (ctrl && !shiftKey && key.toLowerCase() === 'c') this.events.copy();
    else if (ctrl && !shiftKey && key.toLowerCase() === 'a') this.selectAll();
    else if (this.active.row === HEAD && (key === 'Enter' || key === ' ')) this.events.sortBy(this.active.column);
    else if (key === 'Enter') this.open();
    else return;
    event.preventDefault();
  }

  /** Nothing moves: one sees that all is selected wherever one is. */
  private selectAll(): void {
    if (this.rows.length === 0) return;
    this.anchor = 0;
    this.place({ ...this.active, row: this.rows.length - 1 }, true);
  }

  private open(): void {
    const row = this.rows[this.active.row];
    if (row !== undefined) this.model.action?.(row);
  }

  private onPress(event: MouseEvent): void {
    if (event.button !== 0) return;
    const cell = (event.target as Element).closest('.cell');
    const row = [...this.drawn.values()].find(({ element }) => element === cell?.parentElement);
    if (!cell || !row) return;
    this.goTo({ row: row.position, column: [...row.element.children].indexOf(cell) }, event.shiftKey);
    this.keepFocus(event);
  }

  /** The grid has the focus, never what is in it. */
  private keepFocus(event: MouseEvent): void {
    event.preventDefault();
    this.element.focus({ preventScroll: true });
  }
}

/** The whole text, where there is no room for it. */
function tellWhole(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement) || !target.classList.contains('cell')) return;
  if (target.scrollWidth > target.clientWidth) target.title = target.textContent ?? '';
  else target.removeAttribute('title');
}
