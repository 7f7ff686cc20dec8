// struct module as it is after a stage, with what the stage wrote into it.
import { html, nothing, type TemplateResult } from 'lit';
import type { StructModuleModel } from '../../src/protocol/view';
import { markdownTable } from '../export/markdown';
import { said, t } from '../l10n';
import { bytesText } from '../text';

type Value = StructModuleModel['writes'][number]['value'];

interface MemberNow {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly value: Value;
  /** What was there before this stage; null where it wrote nothing. */
  readonly before: Value | null;
  /** The function that wrote last; '' for none. */
  readonly by: string;
}

/** Every member as it is after a stage. */
export function membersAfter({ members, writes }: StructModuleModel, stage: number): MemberNow[] {
  const now = members.map(({ initial, ...member }) => ({
    ...{ ...member, value: initial, by: '' },
    before: null as Value | null,
  }));
  for (const write of writes) {
    const member = now[write.member];
    if (!member || write.stage > stage) continue;
    if (write.stage === stage) member.before ??= member.value;
    member.value = write.value;
    member.by = write.by;
  }
  return now;
}

const SOURCES: Readonly<Record<StructModuleModel['source'], string>> = {
  btf: t('Offsets and sizes are those of the BTF of this kernel.'),
  dwarf: t(
    'Offsets and sizes are those of the debug information of the module. The BTF of this kernel is not at hand.',
  ),
  prefix: t(
    'Only the first members are known: neither the BTF of this kernel nor debug information of the module declares the rest.',
  ),
};

export function structModuleTable(model: StructModuleModel, stage: number, open: boolean): TemplateResult {
  const members = membersAfter(model, stage);
  const isEmpty = ({ value, by }: MemberNow): boolean => value === '0' && by === '';
  const empty = members.filter(isEmpty);
  return html`<details class="struct-module" ?open=${open}>
    <summary>
      <code>struct module</code>
      <span class="note">${bytesText(model.size)}</span>
    </summary>
    <p class="note">${SOURCES[model.source]}</p>
    ${table(members.filter(member => !isEmpty(member)))}
    ${
      empty.length === 0
        ? nothing
        : html`<details>
            <summary>${t('Members that are 0 so far: {0}', empty.length)}</summary>
            ${table(empty)}
          </details>`
    }
  </details>`;
}

function table(members: readonly MemberNow[]): TemplateResult {
  return html`<div class="wide">
    <table class="members">
      <thead>
        <tr>
          ${[t('member'), t('offset'), t('size'), t('value'), t('written by')].map(
            title => html`<th scope="col">${title}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${members.map(
          ({ name, offset, size, value, before, by }) =>
            html`<tr data-member=${name}>
              <td class="mono">${name}</td>
              <td class="number">${offset}</td>
              <td class="number">${size}</td>
              ${
                before === null
                  ? html`<td class="mono">${said(value)}</td>`
                  : html`<td class="mono"><del>${said(before)}</del> <ins>${said(value)}</ins></td>`
              }
              <td class="mono">${by === '' ? '' : `${by}()`}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What was written into it, stage by stage. */
export function structModuleMarkdown(
  model: StructModuleModel | null,
  stages: readonly { readonly name: string }[],
): string[] {
  if (!model || model.writes.length === 0) return [];
  const rows = model.writes.map(({ stage, by, member, value }) => {
    const { name = '', offset = 0, size = 0 } = model.members[member] ?? {};
    return [
      `\`${stages[stage]?.name ?? ''}\``,
      `\`${name}\``,
      String(offset),
      String(size),
      said(value),
      `\`${by}()\``,
    ];
  });
  return [
    '### `struct module`',
    '',
    markdownTable([t('stage'), t('member'), t('offset'), t('size'), t('value'), t('written by')], rows),
  ];
}
