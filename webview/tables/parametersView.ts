// The parameters tab.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ModuleTables } from '../../src/protocol/view';
import type { TableModel } from '../table/model';
import '../table/table';
import { View } from '../view';
import { declaredParameters, parameterTable } from './parameterRows';
import { t } from '../l10n';

@customElement('insmod-lens-parameters')
export class ParametersView extends View {
  @state() private accessor tables: ModuleTables | null = null;
  private model: TableModel | null = null;
  /** The kernel refuses the module before it reads parameters. */
  private declaredOnly = false;

  protected override async load(): Promise<void> {
    this.tables = await this.host.request('tables', {});
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!this.tables) return;
    const read = this.tables.parameters[this.target] ?? [];
    const declared = declaredParameters(this.summary.modinfo);
    this.declaredOnly = read.length === 0 && declared.length > 0;
    this.model = parameterTable(this.declaredOnly ? declared : read, name =>
      this.host.send({ kind: 'open-source', subject: { kind: 'parameter', name, section: '' } }),
    );
  }

  protected override render(): TemplateResult {
    if (this.problem !== null) return html`<p class="problem" role="alert">${this.problem}</p>`;
    const { model } = this;
    if (!model) return html`<vscode-progress-ring aria-label=${t('Reading parameters')}></vscode-progress-ring>`;
    if (model.rowCount === 0) return html`<p>${t('The module has no parameters.')}</p>`;
    return html`
      ${
        this.declaredOnly
          ? html`<p class="note">
              ${t(
                '{0} refuses the module before it reads parameters: permissions and values are not known.',
                this.summary.targets[this.target]?.release ?? '',
              )}
            </p>`
          : nothing
      }
      <section class="table">
        <insmod-lens-table
          name="parameters"
          label=${t('Parameters')}
          .host=${this.host}
          .model=${model}
        ></insmod-lens-table>
      </section>
    `;
  }
}
