// Modules against kernels: the first failing check in each cell, a line of reason, and a text to filter by.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FromPage, MatrixPage, MatrixPageCell } from '../../src/protocol/pages';
import { markdownTable } from '../export/markdown';
import { t } from '../l10n';

@customElement('insmod-lens-matrix')
export class MatrixView extends LitElement {
  @property({ attribute: false }) accessor page!: MatrixPage;
  @property({ attribute: false }) accessor send!: (message: FromPage) => void;
  @state() private accessor filter = '';
  @state() private accessor refusedOnly = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { page } = this;
    const rows = page.rows.map((row, index) => ({ row, index })).filter(({ row }) => this.isShown(row));
    return html`
      <header><h1>${t('Would it load')}</h1></header>
      ${page.unusable.map(line => html`<p class="problem" role="status">${line}</p>`)}
      <div class="toolbar">
        <vscode-text-field
          class="search"
          placeholder=${t('Filter modules and reasons')}
          aria-label=${t('Filter modules and reasons')}
          .value=${this.filter}
          @input=${(event: Event) => (this.filter = (event.target as HTMLInputElement).value)}
        ></vscode-text-field>
        <vscode-checkbox
          ?checked=${this.refusedOnly}
          @change=${(event: Event) => (this.refusedOnly = (event.target as HTMLInputElement).checked)}
          >${t('only refused')}</vscode-checkbox
        >
        <span class="note" role="status">${t('{0} of {1} modules', rows.length, page.rows.length)}</span>
        <vscode-button appearance="secondary" @click=${() => this.send({ kind: 'act', action: 'again' })}
          >${t('Load again')}</vscode-button
        >
        <vscode-button
          appearance="secondary"
          @click=${() =>
            this.send({
              kind: 'copy',
              text: matrixMarkdown(
                page,
                rows.map(({ row }) => row),
              ),
            })}
          >${t('Copy as Markdown')}</vscode-button
        >
      </div>
      <div class="wide">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">${t('Module')}</th>
              ${page.kernels.map(({ release, target }) => html`<th scope="col" title=${target}>${release}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ row, index }) =>
                html`<tr>
                  <th scope="row" title=${row.path}>${row.name}</th>
                  ${row.cells.map((cell, column) => this.cell(cell, index, column))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  private isShown({ name, path, cells }: MatrixPage['rows'][number]): boolean {
    if (this.refusedOnly && cells.every(isGood)) return false;
    const text = [name, path, ...cells.map(cell => `${cellText(cell)} ${cell.reason ?? ''}`)].join(' ').toLowerCase();
    return text.includes(this.filter.trim().toLowerCase());
  }

  private cell(cell: MatrixPageCell, row: number, column: number): TemplateResult {
    const kind = isGood(cell) ? 'good' : cell.verdict === 'unchecked' ? 'open' : 'bad';
    if (kind === 'good') return html`<td class=${kind}>${cellText(cell)}</td>`;
    return html`<td class=${kind}>
      <vscode-link
        href="#"
        @click=${(event: Event) => {
          event.preventDefault();
          this.send({ kind: 'cell', row, column });
        }}
        >${cellText(cell)}</vscode-link
      >
      ${cell.reason === null ? nothing : html`<div class="note">${cell.reason}</div>`}
    </td>`;
  }
}

const isGood = ({ verdict, errnoName }: MatrixPageCell): boolean => verdict === 'loads' && errnoName === null;

function cellText({ verdict, errnoName, check }: MatrixPageCell): string {
  if (verdict === 'unchecked') return t('? unchecked');
  if (verdict === 'loads') return errnoName === null ? t('✓ would load') : t('✗ init failed: {0}', errnoName);
  return `✗ ${errnoName ?? ''}${check === null ? '' : `: ${check}`}`;
}

function matrixMarkdown({ kernels }: MatrixPage, rows: MatrixPage['rows']): string {
  return markdownTable(
    [t('Module'), ...kernels.map(({ release }) => release)],
    rows.map(({ name, cells }) => [
      name,
      ...cells.map(cell => (cell.reason === null ? cellText(cell) : `${cellText(cell)} (${cell.reason})`)),
    ]),
  );
}
