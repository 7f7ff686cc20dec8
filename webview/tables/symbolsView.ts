// The symbols tab: what the module imports, with what each kernel has for it, and what it exports.
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ModuleTables } from '../../src/protocol/view';
import type { TableModel } from '../table/model';
import '../table/table';
import { View } from '../view';
import { exportTable } from './exportRows';
import { importTable } from './importRows';
import { t } from '../l10n';

@customElement('insmod-lens-symbols')
export class SymbolsView extends View {
  @state() private accessor tables: ModuleTables | null = null;
  private imports: TableModel | null = null;
  private exports: TableModel | null = null;

  protected override async load(): Promise<void> {
    this.tables = await this.host.request('tables', {});
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!this.tables) return;
    this.imports = importTable(this.tables, this.shown, name => this.openSource('import', name));
    this.exports = exportTable(this.tables, name => this.openSource('export', name));
  }

  /** All kernels: the one chosen first, then the one beside it. */
  private get shown(): { index: number; release: string }[] {
    const all = this.summary.targets.map(({ release }, index) => ({ index, release }));
    const rank = ({ index }: { index: number }): number =>
      index === this.target ? 0 : index === this.compared ? 1 : 2;
    return all.sort((a, b) => rank(a) - rank(b));
  }

  private openSource(kind: 'import' | 'export', name: string): void {
    this.host.send({ kind: 'open-source', subject: { kind, name, section: '' } });
  }

  protected override render(): TemplateResult {
    if (this.problem !== null) return html`<p class="problem" role="alert">${this.problem}</p>`;
    const { imports, exports, tables } = this;
    if (!imports || !exports || !tables)
      return html`<vscode-progress-ring aria-label=${t('Reading symbols')}></vscode-progress-ring>`;
    return html`
      <section class=${imports.rowCount > 0 && exports.rowCount > 0 ? 'table half' : 'table'}>
        <h2>${t('Imports')}</h2>
        ${imports.rowCount === 0 ? html`<p>${t('The module imports no symbol.')}</p>` : this.table('imports', t('Imports'), imports)}
        <h2>${t('Exports')}</h2>
        ${exports.rowCount === 0 ? html`<p>${t('The module exports no symbol.')}</p>` : this.table('exports', t('Exports'), exports)}
      </section>
    `;
  }

  private table(name: string, label: string, model: TableModel): TemplateResult {
    return html`<insmod-lens-table name=${name} label=${label} .host=${this.host} .model=${model}></insmod-lens-table>`;
  }
}
