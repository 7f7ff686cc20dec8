// The modinfo tab: every field in the order of the file, and the signature.
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { markdownTable } from '../export/markdown';
import type { TableModel } from '../table/model';
import '../table/table';
import { View } from '../view';
import { modinfoTable, signatureValue } from './modinfoRows';
import { t } from '../l10n';

@customElement('insmod-lens-modinfo')
export class ModinfoView extends View {
  private model!: TableModel;

  /** All of it is in the summary. */
  protected override load(): Promise<void> {
    return Promise.resolve();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('summary')) this.model = modinfoTable(this.summary);
  }

  protected override render(): TemplateResult {
    return html`
      <section class="table">
        ${
          this.model.rowCount === 0
            ? html`<p>${t('The module has no .modinfo section.')}</p>`
            : html`<insmod-lens-table
                name="modinfo"
                label=${t('Modinfo')}
                .host=${this.host}
                .model=${this.model}
              ></insmod-lens-table>`
        }
        <h2>${t('Signature')}</h2>
        ${this.signature()}
      </section>
    `;
  }

  private signature(): TemplateResult {
    const fields = this.summary.signature.map(([field, value]) => [field, signatureValue(value)] as const);
    if (fields.length === 0) return html`<p>${t('not signed')}</p>`;
    return html`
      <table class="signature">
        <tbody>
          ${fields.map(
            ([field, value]) =>
              html`<tr>
                <th scope="row">${field}</th>
                <td class="mono">${value}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <vscode-button
        appearance="secondary"
        @click=${() => this.host.send({ kind: 'copy', text: markdownTable([t('Field'), t('Value')], fields) })}
      >
        ${t('Copy signature as Markdown')}
      </vscode-button>
    `;
  }
}
