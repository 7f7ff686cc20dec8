// A text field that finds a module among thousands: matches below it, walked with the arrow keys.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { matchingNames } from './overviewModel';
import { t } from '../l10n';

const MOST_MATCHES = 40;

/** Fires `module-choose` with a name, and `names-wanted` when it needs the names. */
@customElement('insmod-lens-module-search')
export class ModuleSearch extends LitElement {
  /** null until they are known. */
  @property({ attribute: false }) accessor names: readonly string[] | null = null;
  @state() private accessor text = '';
  @state() private accessor isOpen = false;
  /** Of the matches, the one the keys are at; -1 while they are in the field. */
  @state() private accessor at = -1;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private get found(): readonly string[] {
    return matchingNames(this.names ?? [], this.text, MOST_MATCHES);
  }

  protected override render(): TemplateResult {
    const matches = this.isOpen ? this.found : [];
    const isAsking = this.isOpen && this.text.trim() !== '';
    return html`<div
      class="module-search"
      @focusout=${(event: FocusEvent) => this.onLeave(event)}
      @keydown=${(event: KeyboardEvent) => this.onKey(event)}
    >
      <vscode-text-field
        placeholder=${t('Show another module')}
        aria-label=${t('Show another module')}
        .value=${this.text}
        @focus=${() => this.dispatchEvent(new CustomEvent('names-wanted', { bubbles: true }))}
        @input=${(event: Event) => this.onInput((event.target as HTMLInputElement).value)}
      ></vscode-text-field>
      <span class="hidden-text" role="status">${isAsking ? this.status(matches) : ''}</span>
      ${
        isAsking && matches.length === 0
          ? html`<p class="matches note">${this.status(matches)}</p>`
          : matches.length > 0
            ? html`<ul
                class="matches"
                role="listbox"
                tabindex="0"
                aria-label=${t('Modules found')}
                aria-activedescendant=${this.at >= 0 ? `module-match-${this.at}` : nothing}
              >
                ${matches.map(
                  (name, i) =>
                    html`<li
                      id=${`module-match-${i}`}
                      role="option"
                      class=${i === this.at ? 'chosen' : ''}
                      aria-selected=${i === this.at ? 'true' : 'false'}
                      @mousedown=${(event: Event) => event.preventDefault()}
                      @click=${() => this.choose(name)}
                    >
                      ${name}
                    </li>`,
                )}
              </ul>`
            : nothing
      }
    </div>`;
  }

  private status(matches: readonly string[]): string {
    if (this.names === null) return t('Looking for modules');
    if (matches.length === 0) return t('No module has this in its name.');
    return matches.length === MOST_MATCHES
      ? t('{0} modules or more, arrow down for the list', MOST_MATCHES)
      : matches.length === 1
        ? t('{0} module, arrow down for the list', 1)
        : t('{0} modules, arrow down for the list', matches.length);
  }

  protected override updated(): void {
    const list = this.querySelector<HTMLElement>('ul.matches');
    if (!list || this.at < 0) return;
    list.focus({ preventScroll: true });
    list.children[this.at]?.scrollIntoView({ block: 'nearest' });
  }

  private onInput(text: string): void {
    this.text = text;
    this.isOpen = true;
    this.at = -1;
  }

  private onLeave({ relatedTarget }: FocusEvent): void {
    if (!(relatedTarget instanceof Node && this.contains(relatedTarget))) this.close();
  }

  private close(): void {
    this.isOpen = false;
    this.at = -1;
  }

  private focusField(): void {
    this.querySelector<HTMLElement>('vscode-text-field')?.focus();
  }

  private choose(name: string): void {
    this.text = '';
    this.close();
    this.focusField();
    this.dispatchEvent(new CustomEvent('module-choose', { detail: name, bubbles: true }));
  }

  private onKey(event: KeyboardEvent): void {
    const matches = this.found;
    const chosen = matches[Math.max(this.at, 0)];
    if (event.key === 'ArrowDown') {
      this.isOpen = true;
      this.at = Math.min(this.at + 1, matches.length - 1);
    } else if (event.key === 'ArrowUp' && this.at >= 0) {
      this.at--;
      if (this.at < 0) this.focusField();
    } else if (event.key === 'Enter' && chosen !== undefined) this.choose(chosen);
    else if (event.key === 'Escape' && this.isOpen) {
      this.close();
      this.focusField();
    } else return;
    event.preventDefault();
  }
}
