// What every tab of the document is: an element that draws what it is given and asks the host for the rest.
import { LitElement, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ModuleSummary } from '../src/protocol/view';
import type { Host, HostEvent } from './host';

/** Drawn into the page itself, so that one style sheet serves all. */
export abstract class View extends LitElement {
  @property({ attribute: false }) accessor host!: Host;
  @property({ attribute: false }) accessor summary!: ModuleSummary;
  /** Counts in the targets of the summary. */
  @property({ type: Number }) accessor target = 0;
  /** The target to compare with; -1 for none. */
  @property({ type: Number }) accessor compared = -1;
  @state() protected accessor problem: string | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('summary') && !changed.has('target') && !changed.has('compared')) return;
    this.problem = null;
    this.load().catch((error: unknown) => (this.problem = error instanceof Error ? error.message : String(error)));
  }

  /** Fetches what the view shows; called anew whenever the module or the target is another. */
  protected abstract load(): Promise<void>;

  /** Something the view is asked for from outside; most views are not asked for anything. */
  obey?(event: HostEvent): void;
}
