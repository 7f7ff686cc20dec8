// Memory before and after a relocation, with the field that was written marked.
import { html, type TemplateResult } from 'lit';
import type { RelocationBytes } from '../../src/protocol/view';
import { t } from '../l10n';

export function markedBytes({ address, before, after, fieldStart, fieldLength }: RelocationBytes): TemplateResult {
  const line = (title: string, bytes: Uint8Array): TemplateResult => {
    const [lead, field, rest] = [
      hexBytes(bytes.subarray(0, fieldStart)),
      hexBytes(bytes.subarray(fieldStart, fieldStart + fieldLength)),
      hexBytes(bytes.subarray(fieldStart + fieldLength)),
    ];
    return html`<div>
      <dt>${title}</dt>
      <dd class="mono">${lead} <mark>${field}</mark> ${rest}</dd>
    </div>`;
  };
  return html`<dl>
    <div>
      <dt>${t('address')}</dt>
      <dd class="mono">${address}</dd>
    </div>
    ${line(t('before'), before)} ${line(t('after'), after)}
  </dl>`;
}

function hexBytes(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ');
}
