// The section headers at one moment, with what is different from the moment before.
import { html, type TemplateResult } from 'lit';
import type { HeaderState, StepsModel } from '../../src/protocol/view';
import { t } from '../l10n';
import { grouped, hex } from '../text';
import { flagLetters, typeWord } from './elfWords';

/** @param compare marks what the rewrite changed, with the value it had before */
export function headersTable(model: StepsModel, state: number, compare: boolean): TemplateResult {
  const now = model.headers[state];
  const before = compare ? model.headers[state - 1] : undefined;
  if (!now) return html``;
  return html`<div class="wide">
    <table class="headers">
      <thead>
        <tr>
          ${[
            t('index'),
            t('name'),
            'sh_type',
            'sh_flags',
            'sh_addr',
            'sh_offset',
            'sh_size',
            'sh_addralign',
            'sh_link',
            'sh_info',
          ].map(title => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${model.sectionNames.map((name, i) => row(name, i, now, before))}
      </tbody>
    </table>
    <p class="note">
      ${t(
        'W write, A alloc, X execute, M merge, S strings, I info, L link order, G group, T TLS, R read only after init',
      )}
    </p>
  </div>`;
}

function row(name: string, i: number, now: HeaderState, before: HeaderState | undefined): TemplateResult {
  const flags = (state: HeaderState): string => flagLetters(state.sh_flags[i] ?? 0);
  const address = (state: HeaderState): string => hex(state.sh_addr[i] ?? 0n);
  return html`<tr>
    <td class="number">${i}</td>
    <td class="mono">${name}</td>
    <td>${typeWord(now.sh_type[i] ?? 0)}</td>
    ${changing(flags(now), before && flags(before))} ${changing(address(now), before && address(before))}
    <td class="number">${hex(now.sh_offset[i] ?? 0)}</td>
    <td class="number">${grouped(now.sh_size[i] ?? 0)}</td>
    <td class="number">${now.sh_addralign[i] ?? 0}</td>
    <td class="number">${now.sh_link[i] ?? 0}</td>
    <td class="number">${now.sh_info[i] ?? 0}</td>
  </tr>`;
}

/** A cell; where the value is new, with the old one. */
function changing(value: string, before: string | undefined): TemplateResult {
  return before === undefined || before === value
    ? html`<td class="mono">${value}</td>`
    : html`<td class="mono"><del>${before === '' ? '–' : before}</del> <ins>${value === '' ? '–' : value}</ins></td>`;
}
