// The stages in the kernel's order; walked with the arrow keys.
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TracedStage } from '../../src/protocol/view';
import { say, t } from '../l10n';

/** How each outcome is marked, and said. */
export const OUTCOMES: Readonly<Record<TracedStage['outcome'], readonly [sign: string, words: string]>> = {
  passed: ['✓', t('passed')],
  refused: ['✗', t('refused')],
  skipped: ['–', t('skipped: this kernel does not check it')],
  'not-checked': ['?', t('not checked')],
  'not-reached': ['·', t('not reached')],
};

/** What a stage changed, in words; '' for nothing. */
export function changesText(changed: TracedStage['changed']): string {
  return changed.length === 0 ? '' : t('changes {0}', changeWords(changed));
}

export function changeWords(changed: TracedStage['changed']): string {
  return changed.map(change => CHANGES[change]).join(t(', '));
}

const CHANGES: Readonly<Record<TracedStage['changed'][number], string>> = {
  'section headers': t('section headers'),
  'module memory': t('module memory'),
  'symbol values': t('symbol values'),
  relocations: t('relocations'),
  'module state': t('state of the module'),
  'struct module': 'struct module',
  taints: t('taints'),
  'kernel log': t('kernel log'),
  parameters: t('parameters'),
};

/** Fires `stage-select` with the name of a stage. */
@customElement('insmod-lens-timeline')
export class Timeline extends LitElement {
  @property({ attribute: false }) accessor stages: readonly TracedStage[] = [];
  @property({ type: Number }) accessor index = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<ol
      class="timeline"
      role="listbox"
      aria-label=${t('Stages of load_module()')}
      @keydown=${(event: KeyboardEvent) => this.onKey(event)}
    >
      ${this.stages.map((stage, i) => this.item(stage, i))}
    </ol>`;
  }

  private item({ name, outcome, changed, notes }: TracedStage, i: number): TemplateResult {
    const [sign, words] = OUTCOMES[outcome];
    const about = [words, changesText(changed), ...notes.map(say)];
    return html`<li
      role="option"
      class=${`${outcome}${i === this.index ? ' chosen' : ''}`}
      aria-selected=${i === this.index ? 'true' : 'false'}
      tabindex=${i === this.index ? '0' : '-1'}
      data-stage=${name}
      @click=${() => this.choose(i)}
    >
      <span class="sign" aria-hidden="true">${sign}</span>
      <span class="name">${name}</span>
      <span class="hidden-text">, ${about.filter(part => part !== '').join('; ')}</span>
      ${changed.length > 0 ? html`<span class="changed" aria-hidden="true" title=${changesText(changed)}>${changed.length}</span>` : ''}
    </li>`;
  }

  private choose(index: number): void {
    const stage = this.stages[index];
    if (stage) this.dispatchEvent(new CustomEvent('stage-select', { detail: stage.name, bubbles: true }));
  }

  private onKey(event: KeyboardEvent): void {
    const last = this.stages.length - 1;
    const to = {
      ArrowDown: this.index + 1,
      ArrowRight: this.index + 1,
      ArrowUp: this.index - 1,
      ArrowLeft: this.index - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(Math.min(last, Math.max(0, to)));
  }

  /** Focus follows the stage while it is in the list; the list is scrolled, and never the page. */
  protected override updated(changed: PropertyValues): void {
    const list = this.querySelector<HTMLElement>('.timeline');
    const chosen = this.querySelector<HTMLElement>('li.chosen');
    if (!list || !chosen || !(changed.has('index') || changed.has('stages'))) return;
    if (list.contains(document.activeElement)) chosen.focus({ preventScroll: true });
    const top = chosen.offsetTop - list.offsetTop;
    if (top < list.scrollTop || top + chosen.offsetHeight > list.scrollTop + list.clientHeight)
      list.scrollTop = top - list.clientHeight / 2;
  }
}
