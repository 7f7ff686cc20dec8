// The graph as a drawing: moved with the mouse, walked with the arrow keys. The tree beside it says the same.
import { html, LitElement, nothing, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { GraphEdgeModel, GraphNodeModel } from '../../src/protocol/view';
import { arrowHead, edgePath, labelWidth, nodeBeside, placeGraph, type PlacedGraph } from './layout';
import { measures } from './measures';
import { outline } from './outline';
import { edgeId, type ShownGraph } from './shown';
import { firstLook, fitting, moved, revealing, zoomed, type Point, type Size, type Viewport } from './viewport';
import { edgeLabel, nodeCounts, nodeSentence, nodeTitle } from './words';
import { t } from '../l10n';

const STEP = 1.25;
/** Pixels the pointer moves before it is more than a click. */
const DRAG = 4;
/** Pixels around a drawing, among them those of the buttons. */
const ROOM = 120;
const NOTHING_SEEN: Size = { width: 0, height: 0 };

/** Fires `graph-select` with the id of a node or an edge, `graph-open` with that of a node. */
@customElement('insmod-lens-graph-drawing')
export class GraphDrawing extends LitElement {
  @property({ attribute: false }) accessor graph!: ShownGraph;
  @property() accessor selected = '';
  @property() accessor label = '';
  @state() private accessor view: Viewport = { x: 0, y: 0, scale: 1 };
  private placed!: PlacedGraph;
  private screen: Size = NOTHING_SEEN;
  /** The person looks at a part of their choice: what is drawn anew stays where it is. */
  private touched = false;
  private readonly resized = new ResizeObserver(() => this.takeSize());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('graph')) return;
    const before = changed.get('graph') as ShownGraph | undefined;
    const old = before && this.middleOf(before.focus.id);
    this.placed = placeGraph(this.graph, measures());
    const now = this.middleOf(this.graph.focus.id);
    const isSame = before?.focus.id === this.graph.focus.id;
    if (isSame && this.touched && old)
      this.view = { ...this.view, x: this.view.x + now.x - old.x, y: this.view.y + now.y - old.y };
    else {
      this.touched = false;
      this.lookAgain();
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    // A small graph leaves room for what stands below.
    if (changed.has('graph')) this.style.setProperty('--height', `${Math.round(this.placed.height + ROOM)}px`);
    if (changed.has('selected') && this.selected !== '') this.bringIntoView(this.selected);
  }

  private middleOf(id: string): Point {
    const box = this.placed.nodes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  private takeSize(): void {
    const element = this.querySelector('svg');
    if (!element || element.clientWidth === 0) return;
    this.screen = { width: element.clientWidth, height: element.clientHeight };
    if (this.touched) this.requestUpdate();
    else this.lookAgain();
  }

  private lookAgain(): void {
    if (this.screen.width > 0) this.view = firstLook(this.screen, this.placed, this.middleOf(this.graph.focus.id));
  }

  private look(view: Viewport): void {
    this.touched = true;
    this.view = view;
  }

  private bringIntoView(id: string): void {
    const ends = this.graph.edges.find(edge => edgeId(edge) === id);
    // Of an edge the end that one came to see.
    const node = ends ? (ends.from === this.graph.focus.id ? ends.to : ends.from) : id;
    const box = this.placed.nodes.get(node);
    if (!box || this.screen.width === 0) return;
    const view = revealing(this.view, this.screen, box);
    if (view.x !== this.view.x || view.y !== this.view.y) this.look(view);
  }

  protected override render(): TemplateResult {
    const { placed, graph, view, screen } = this;
    const { x, y, scale } = view;
    const chosen = graph.nodes.find(({ id }) => id === this.selected);
    const ordered = [...graph.edges].sort((a, b) => this.rank(a) - this.rank(b));
    return html`
      <svg
        class="graph"
        viewBox=${`${x} ${y} ${Math.max(screen.width, 1) / scale} ${Math.max(screen.height, 1) / scale}`}
        role="listbox"
        tabindex="0"
        aria-label=${this.label}
        aria-activedescendant=${chosen ? elementId(chosen.id) : nothing}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
        @pointerdown=${(event: PointerEvent) => this.onPress(event)}
        @wheel=${(event: WheelEvent) => this.onWheel(event)}
      >
        <g aria-hidden="true">
          ${ordered.map(edge => this.edge(edge, placed))} ${ordered.map(edge => this.edgeText(edge, placed))}
        </g>
        ${graph.nodes.map(node => this.node(node))}
      </svg>
      <div class="zoom" role="group" aria-label=${t('Size of the drawing')}>
        <vscode-button
          appearance="secondary"
          aria-label=${t('Larger')}
          title=${t('Larger (+)')}
          @click=${() => this.zoom(STEP)}
        >
          +
        </vscode-button>
        <vscode-button
          appearance="secondary"
          aria-label=${t('Smaller')}
          title=${t('Smaller (-)')}
          @click=${() => this.zoom(1 / STEP)}
        >
          −
        </vscode-button>
        <vscode-button appearance="secondary" title=${t('All of it (0)')} @click=${() => this.fit()}
          >${t('Fit')}</vscode-button
        >
      </div>
    `;
  }

  /** What is to be seen above others is drawn after them. */
  private rank(edge: GraphEdgeModel): number {
    return (edge.broken ? 1 : 0) + (this.isNear(edge) ? 2 : 0);
  }

  /** Belongs to what is selected; the middle is selected from the start, and would colour most of the drawing. */
  private isNear(edge: GraphEdgeModel): boolean {
    const { selected } = this;
    if (edgeId(edge) === selected) return true;
    return selected !== this.graph.focus.id && (edge.from === selected || edge.to === selected);
  }

  private classesOf(edge: GraphEdgeModel, crowded: boolean): string {
    const isNear = this.isNear(edge);
    const isOther = this.selected !== this.graph.focus.id && this.placed.nodes.has(this.selected) && !isNear;
    return [
      'edge',
      edge.broken ? 'broken' : '',
      isNear ? 'near' : '',
      isOther && crowded && !edge.broken ? 'faint' : '',
    ].join(' ');
  }

  private edge(edge: GraphEdgeModel, { edges, crowded }: PlacedGraph): SVGTemplateResult | typeof nothing {
    const id = edgeId(edge);
    const route = edges.get(id);
    if (!route) return nothing;
    const path = edgePath(route.points);
    return svg`<g
      class=${this.classesOf(edge, crowded)}
      data-id=${id}
      data-broken=${edge.broken}
      @click=${() => this.choose(id)}
    >
      <title>${`${nameOf(edge.from)} → ${nameOf(edge.to)}: ${edgeLabel(edge)}`}</title>
      <path class="grip" d=${path} />
      <path class="line" d=${path} />
      <path class="head" d=${arrowHead(route.points, edge.broken ? 9 : 7)} />
    </g>`;
  }

  /** Above all lines, so that none crosses it. */
  private edgeText(edge: GraphEdgeModel, { edges, crowded }: PlacedGraph): SVGTemplateResult | typeof nothing {
    const at = edges.get(edgeId(edge))?.label;
    if (!at || (crowded && !edge.broken && !this.isNear(edge))) return nothing;
    const label = edgeLabel(edge);
    const width = labelWidth(edge, measures());
    return svg`<g class=${this.classesOf(edge, crowded)} @click=${() => this.choose(edgeId(edge))}>
      <rect class="plate" x=${at.x - width / 2} y=${at.y - 8} width=${width} height="16" />
      <text x=${at.x} y=${at.y + 4} text-anchor="middle">${label}</text>
    </g>`;
  }

  private node(node: GraphNodeModel): SVGTemplateResult | typeof nothing {
    const box = this.placed.nodes.get(node.id);
    if (!box) return nothing;
    const isChosen = node.id === this.selected;
    const middle = box.x + box.width / 2;
    return svg`<g
      id=${elementId(node.id)}
      role="option"
      aria-selected=${isChosen ? 'true' : 'false'}
      class=${`node ${node.kind}${isChosen ? ' chosen' : ''}${node.path === null && node.kind === 'module' ? ' fileless' : ''}`}
      data-id=${node.id}
      @click=${() => this.choose(node.id)}
      @dblclick=${() => this.open(node.id)}
    >
      <title>${nodeSentence(node)}</title>
      ${outline(node.kind, box)}
      <text class="name" aria-hidden="true" text-anchor="middle" x=${middle} y=${box.y + 16}>${nodeTitle(node)}</text>
      <text class="counts" aria-hidden="true" text-anchor="middle" x=${middle} y=${box.y + 30}>${nodeCounts(node)}</text>
    </g>`;
  }

  private choose(id: string): void {
    this.dispatchEvent(new CustomEvent('graph-select', { detail: id, bubbles: true }));
  }

  private open(id: string): void {
    this.dispatchEvent(new CustomEvent('graph-open', { detail: id, bubbles: true }));
  }

  private zoom(factor: number, at: Point = { x: this.screen.width / 2, y: this.screen.height / 2 }): void {
    this.look(zoomed(this.view, at, factor));
  }

  private fit(): void {
    this.look(fitting(this.screen, this.placed));
  }

  /** With Ctrl, as everywhere in the editor: without, the page scrolls. */
  private onWheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 400), { x: event.offsetX, y: event.offsetY });
  }

  private onPress(press: PointerEvent): void {
    if (press.button !== 0) return;
    const drawing = press.currentTarget as SVGSVGElement;
    const start = this.view;
    const end = new AbortController();
    const { signal } = end;
    let isDrag = false;
    const onMove = ({ clientX, clientY, pointerId }: PointerEvent): void => {
      const dx = clientX - press.clientX;
      const dy = clientY - press.clientY;
      if (!isDrag && Math.hypot(dx, dy) < DRAG) return;
      if (!isDrag) drawing.setPointerCapture(pointerId);
      isDrag = true;
      this.look(moved(start, dx, dy));
    };
    drawing.addEventListener('pointermove', onMove, { signal });
    for (const type of ['pointerup', 'pointercancel']) drawing.addEventListener(type, () => end.abort(), { signal });
  }

  private onKey(event: KeyboardEvent): void {
    const node = this.placed.nodes.has(this.selected) ? this.selected : this.graph.focus.id;
    const ways: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const way = ways[event.key];
    if (way && event.shiftKey) this.look(moved(this.view, -60 * way[0], -60 * way[1]));
    else if (way) this.choose((this.selected === '' ? null : nodeBeside(this.placed, node, ...way)) ?? node);
    else if (event.key === 'Home') this.choose(this.graph.focus.id);
    else if (event.key === 'Enter') this.open(node);
    else if (event.key === '+' || event.key === '=') this.zoom(STEP);
    else if (event.key === '-') this.zoom(1 / STEP);
    else if (event.key === '0') this.fit();
    else return;
    event.preventDefault();
  }

  /** Calls `use` with all of the drawing in view, for a file of it. */
  whole<T>(use: (drawn: SVGSVGElement) => T): T | null {
    const drawn = this.querySelector('svg');
    if (!drawn) return null;
    const seen = drawn.getAttribute('viewBox') ?? '';
    drawn.setAttribute('viewBox', `-8 -8 ${this.placed.width + 16} ${this.placed.height + 16}`);
    try {
      return use(drawn);
    } finally {
      drawn.setAttribute('viewBox', seen);
    }
  }
}

const elementId = (id: string): string => `graph-node-${encodeURIComponent(id)}`;
const nameOf = (id: string): string => id.replace(/^module\//, '').replace(/^missing\/.*$/s, 'not exported');
