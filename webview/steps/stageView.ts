// One stage: what it is for, what it checked, what it changed, and the log by then.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { StepLinks, StepsModel, StepSymbols, TracedStage } from '../../src/protocol/view';
import { textsOf } from '../../src/protocol/words';
import type { Host } from '../host';
import { headersTable } from './headers';
import '../table/table';
import type { TableModel } from '../table/model';
import '../tables/relocationList';
import { linkTable } from './linkTable';
import { searchPath, useObjects } from './searchPath';
import { extableView, freedView, patchTable } from './stageTables';
import { structModuleTable } from './structModule';
import { symbolValueTable } from './symbolValues';
import { OUTCOMES } from './timeline';
import { grouped } from '../text';
import { said, say, t } from '../l10n';

const SEVERITIES: Readonly<Record<StepsModel['findings'][number]['severity'], string>> = {
  error: t('error'),
  warning: t('warning'),
  information: t('information'),
  hint: t('hint'),
};

@customElement('insmod-lens-stage')
export class StageView extends LitElement {
  @property({ attribute: false }) accessor host!: Host;
  @property({ attribute: false }) accessor model!: StepsModel;
  @property({ type: Number }) accessor index = 0;
  @property({ type: Number }) accessor target = 0;
  @property() accessor module = '';

  /** The symbol whose search is shown; '' for none. */
  @state() private accessor symbol = '';
  private entries: { readonly of: StepLinks; readonly table: TableModel } | null = null;
  private values: { readonly of: StepSymbols; readonly table: TableModel } | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const stage = model.stages[this.index];
    if (!stage) return html`<p>${t('The module was not looked at.')}</p>`;
    const [sign, words] = OUTCOMES[stage.outcome];
    return html`<article class="stage" data-stage=${stage.name}>
      <h2><code>${stage.name}()</code> <span class=${`outcome ${stage.outcome}`}>${sign} ${words}</span></h2>
      <p class="purpose">${t(stage.purpose)}</p>
      ${stage.outcome === 'not-reached' ? this.notReached() : this.reached(stage)}
    </article>`;
  }

  private notReached(): TemplateResult {
    const ended = this.model.stages.find(({ outcome }) => outcome === 'refused');
    return html`<p class="note">${t('The kernel had refused the module in {0}.', `${ended?.name ?? ''}()`)}</p>`;
  }

  private reached(stage: TracedStage): TemplateResult {
    return html`${stage.notes.map(note => html`<p class="note">${say(note)}</p>`)} ${this.findings(stage)}
    ${checks(stage)} ${this.changes(stage)} ${this.taints(stage)} ${this.log(stage)} ${this.answer()}`;
  }

  /** What the stage had to say: where it refused, why. */
  private findings({ findings: [from, to], outcome }: TracedStage): TemplateResult | typeof nothing {
    if (from === to) return nothing;
    return html`<div class=${outcome === 'refused' ? 'why refused' : 'why'}>
      ${this.model.findings.slice(from, to).map(finding => {
        const { message, explanation } = textsOf(finding, t);
        return html`<p><strong>${SEVERITIES[finding.severity]}: ${finding.code}</strong></p>
          <p class="mono">${message}</p>
          <p>${explanation}</p>`;
      })}
    </div>`;
  }

  private changes(stage: TracedStage): TemplateResult {
    const { model } = this;
    const { headerState, changed } = stage;
    return html`
      ${
        headerState < 0
          ? nothing
          : html`<details ?open=${changed.includes('section headers')}>
              <summary>
                ${t('Section headers')}
                <span class="note">
                  ${headerState === 0 ? t('as the file has them') : t('as {0} left them', model.headers[headerState]?.stage ?? '')}
                </span>
              </summary>
              ${headersTable(model, headerState, changed.includes('section headers'))}
            </details>`
      }
      ${
        model.structModule && headerState >= 0
          ? structModuleTable(model.structModule, this.index, changed.includes('struct module'))
          : nothing
      }
      ${
        model.symbols && changed.includes('symbol values')
          ? html`${useObjects(model.symbols, this.module)}
              <h3>${t('Symbol values before and after')}</h3>
              <p class="note">
                ${t('Double-click an undefined symbol, or press Enter, to see where it was looked for.')}
              </p>
              <section class="table">
                <insmod-lens-table
                  name="steps.symbols"
                  label=${t('Symbol values')}
                  .host=${this.host}
                  .model=${this.symbolValues(model.symbols)}
                ></insmod-lens-table>
                <div aria-live="polite">${searchPath(model.symbols.searches, this.symbol)}</div>
              </section>`
          : nothing
      }
      ${
        changed.includes('relocations')
          ? html`<h3>${t('Relocations')}</h3>
              <insmod-lens-relocation-list
                name="steps.relocations"
                .host=${this.host}
                .steps=${model}
                .target=${this.target}
              ></insmod-lens-relocation-list>
              ${this.links(model)}`
          : nothing
      }
      ${stage.name === 'post_relocation' ? html`${extableView(model.extable)} ${patchTable(model.patches)}` : nothing}
      ${stage.state === 'live' ? freedView(model.freed) : nothing}
    `;
  }

  /** Entries that the architecture put between a relocation and what it means. */
  private links(model: StepsModel): TemplateResult | typeof nothing {
    const { links } = model;
    if (!links || links.entry.length === 0) return nothing;
    if (this.entries?.of !== links) this.entries = { of: links, table: linkTable(links, model) };
    return html`<h3>${t('PLT and GOT entries')}</h3>
      <p class="note">
        ${t('Entries: {0}. Relocations that lead through them: {1}.', grouped(links.tables.length), grouped(links.entry.length))}
      </p>
      <section class="table">
        <insmod-lens-table
          name="steps.links"
          label=${t('PLT and GOT entries')}
          .host=${this.host}
          .model=${this.entries.table}
        ></insmod-lens-table>
      </section>`;
  }

  /** The same table for the same symbols: another would be arranged anew. */
  private symbolValues(symbols: StepSymbols): TableModel {
    if (this.values?.of !== symbols)
      this.values = {
        of: symbols,
        table: symbolValueTable(symbols, this.model.sectionNames, name => (this.symbol = name)),
      };
    return this.values.table;
  }

  private taints({ state, taints, kernelTaints, changed }: TracedStage): TemplateResult {
    const before = this.model.stages[this.index - 1];
    const shown = (letters: string | undefined): string =>
      letters === undefined || letters === '' ? t('none') : letters;
    const change = (was: string | undefined, is: string): string =>
      changed.includes('taints') && shown(was) !== shown(is) ? `${shown(was)} → ${shown(is)}` : shown(is);
    const word = (of: TracedStage['state'] | undefined): string =>
      of ? `MODULE_STATE_${of.toUpperCase()}` : t('not in the list of modules');
    const was = word(before?.state);
    return html`<p class="taints">
      <span>${t('state:')} <code>${was === word(state) ? was : `${was} → ${word(state)}`}</code></span>
      <span>${t('taints of the module:')} <code>${change(before?.taints, taints)}</code></span>
      <span>${t('of the kernel:')} <code>${change(before?.kernelTaints, kernelTaints)}</code></span>
    </p>`;
  }

  /** Lines of this stage stand out from those before. */
  private log({ log: [from, to] }: TracedStage): TemplateResult {
    const lines = this.model.log.slice(0, to);
    if (lines.length === 0) return html`<p class="note">${t('The kernel log has no line so far.')}</p>`;
    return html`<h3>${t('Kernel log so far')}</h3>
      <ol class="log">
        ${lines.map(
          ({ level, text }, i) =>
            html`<li class=${i >= from ? 'new' : ''}><span class="level">&lt;${level}&gt;</span> ${text}</li>`,
        )}
      </ol>`;
  }

  /** After the last stage: what insmod would say. */
  private answer(): TemplateResult | typeof nothing {
    const { stages, errno, errnoName, insmod, verdict } = this.model;
    if (this.index !== stages.findLastIndex(({ outcome }) => outcome !== 'not-reached')) return nothing;
    return html`<p class="answer">
      ${
        verdict === 'unchecked'
          ? html`<strong class="verdict open">
              ${t('No check refuses the module, but an essential part could not be checked.')}
            </strong>`
          : errno === 0
            ? html`<strong class="verdict good">${t('The module would load.')}</strong>`
            : html`<strong class="verdict bad">
                ${verdict === 'loads' ? t('Loading goes well, and init fails') : t('The module is refused')}:
                ${errnoName} (${errno}).
              </strong>`
      }
      ${insmod === null ? nothing : html`<code>${insmod}</code>`}
    </p>`;
  }
}

/** Headings of a table of checks. prepare_coming_module() asks others, most of which only look. */
function headings(stage: string): { readonly title: string; readonly columns: readonly string[] } {
  return stage === 'prepare_coming_module'
    ? { title: t('Who hears of the module'), columns: [t('function'), t('what it reads'), t('what it does')] }
    : { title: t('What was checked'), columns: [t('what'), t('value'), t('compared with')] };
}

function checks({ name, checks: all }: TracedStage): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  const { title, columns } = headings(name);
  return html`<h3>${title}</h3>
    <div class="wide">
      <table class="checks">
        <thead>
          <tr>
            <th scope="col"><span class="hidden-text">${t('outcome')}</span></th>
            ${columns.map(column => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${all.map(
            ({ what, value, against, ok }) =>
              html`<tr class=${ok === false ? 'failed' : ''}>
                <td>
                  ${ok === null ? '' : ok ? html`<span title=${t('as it should be')}>✓</span>` : html`<span title=${t('not as it should be')}>✗</span>`}
                </td>
                <td>${said(what)}</td>
                <td class="mono">${said(value)}</td>
                <td class="mono">${said(against)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
