// What the kernel still does to a module once relocations are applied: sorted and patched tables, and memory that it gives back.
import { html, nothing, type TemplateResult } from 'lit';
import type { StepExtable, StepFreed, StepPatch } from '../../src/protocol/view';
import { say, t } from '../l10n';
import { bytesText, grouped } from '../text';

/** Nobody reads more; entries that move come first. */
const MOST_SHOWN = 200;

export function patchTable(patches: readonly StepPatch[]): TemplateResult | typeof nothing {
  if (patches.length === 0) return nothing;
  return html`<h3>${t('Patched after this')}</h3>
    ${table(
      'patches',
      [t('section'), t('size'), t('by'), t('stage'), t('what it does')],
      patches.map(({ section, bytes, by, does, stage }) => [
        section,
        bytesText(bytes),
        `${by}()`,
        `${stage}()`,
        say(does),
      ]),
    )}`;
}

export function extableView(extable: StepExtable | null): TemplateResult | typeof nothing {
  if (!extable) return nothing;
  const { entrySize, relative, insn, fixup, order, moved, trimmed, left } = extable;
  const places = [...order.keys()];
  const shown = [...places.filter(i => order[i] !== i), ...places.filter(i => order[i] === i)].slice(0, MOST_SHOWN);
  return html`<details class="extable" ?open=${moved > 0}>
    <summary>
      <code>__ex_table</code>
      <span class="note">
        ${t('Entries: {0}. Moved by sorting: {1}. Bytes of each: {2}.', grouped(order.length + left), grouped(moved), entrySize)}
      </span>
    </summary>
    <p class="note">
      ${t('sort_extable() sorts the entries by the address of the instruction. It does so at each load: only the table of vmlinux is sorted when the kernel is built, by scripts/sorttable (up to 5.5 scripts/sortextable).')}
      ${relative ? t('Each field counts from where it stands, so that an entry that moves is adjusted.') : nothing}
      ${trimmed > 0 ? t('Entries of init code, which trim_init_extable() removes once init has run: {0}.', grouped(trimmed)) : nothing}
    </p>
    ${table(
      'entries',
      [t('after'), t('before'), t('instruction'), t('goes on at')],
      shown.map(i => {
        const entry = order[i] ?? 0;
        return [String(i), String(entry), insn[entry] ?? '', fixup[entry] ?? ''];
      }),
      row => (order[shown[row] ?? 0] === shown[row] ? '' : 'moved'),
    )}
    ${
      shown.length < order.length + left
        ? html`<p class="note">${t('{0} of {1} rows', grouped(shown.length), grouped(order.length + left))}</p>`
        : nothing
    }
  </details>`;
}

export function freedView(freed: readonly StepFreed[]): TemplateResult | typeof nothing {
  if (freed.length === 0) return nothing;
  return html`<h3>${t('Memory that is freed once init has run')}</h3>
    ${table(
      'freed',
      [t('memory'), t('size'), t('sections')],
      freed.map(({ region, bytes, parts }) => [region, bytesText(bytes), parts.join(t(', '))]),
    )}`;
}

function table(
  name: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  classOf: (row: number) => string = () => '',
): TemplateResult {
  return html`<div class="wide">
    <table class=${name}>
      <thead>
        <tr>
          ${titles.map(title => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row, i) =>
            html`<tr class=${classOf(i)}>
              ${row.map(cell => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
