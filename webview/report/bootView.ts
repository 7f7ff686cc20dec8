// A module on a real kernel: the verdict, what it crashed of, the table of simulation beside reality, what only the kernel knows.
import { html, nothing, type TemplateResult } from 'lit';
import type { BootPage, FromPage, PageFrame } from '../../src/protocol/pages';
import { t } from '../l10n';
import { bootMarkdown } from './bootMarkdown';
import { rowsOf, type Row } from './factRows';

type Send = (message: FromPage) => void;

export function bootView(page: BootPage, send: Send): TemplateResult {
  const { module, path, release, facts, agrees } = page;
  return html`
    <header>
      <h1>${module}</h1>
      <span class="path" title=${path}><bdi>${path}</bdi></span>
      <span class="targets">${release} ${verdict(page)}</span>
    </header>
    <p class="summary" role="status">${page.summary}</p>
    <p class="note">${circumstances(page)}</p>
    <div class="toolbar">
      <vscode-button data-testid="again" @click=${() => send({ kind: 'act', action: 'again' })}
        >${t('Load again')}</vscode-button
      >
      <vscode-button appearance="secondary" @click=${() => send({ kind: 'act', action: 'console' })}
        >${t('Show console')}</vscode-button
      >
      <vscode-button appearance="secondary" @click=${() => send({ kind: 'copy', text: bootMarkdown(page) })}
        >${t('Copy as Markdown')}</vscode-button
      >
      ${
        agrees
          ? nothing
          : html`<vscode-button data-testid="bug-report" @click=${() => send({ kind: 'act', action: 'bug-report' })}
              >${t('Copy bug report')}</vscode-button
            >`
      }
    </div>
    ${crash(page, send)} ${facts.length === 0 ? nothing : comparison(page)} ${onlyKernel(page)}
  `;
}

function verdict({ verdict: said, errnoName }: BootPage): TemplateResult {
  const words: Readonly<Record<BootPage['verdict'], string>> = {
    loads: t('✓ loads'),
    'init-failed': t('✗ init failed: {0}', errnoName ?? ''),
    refused: t('✗ refused: {0}', errnoName ?? ''),
    crashed: t('✗ kernel crashed'),
    hung: t('✗ kernel hangs'),
    unanswered: t('? not answered'),
  };
  const kind = said === 'loads' ? 'good' : said === 'unanswered' ? 'open' : 'bad';
  return html`<span class="verdict ${kind}">${words[said]}</span>`;
}

function circumstances({ seconds, accelerator, image, loadedFirst, absent }: BootPage): string {
  const by = accelerator === 'kvm' ? t('with KVM') : t('by emulation');
  return [
    t('Booted {0} in {1} s {2}.', image, seconds, by),
    ...(loadedFirst.length > 0 ? [t('Loaded first: {0}.', loadedFirst.join(', '))] : []),
    ...(absent.length > 0 ? [t('Not at hand, and not loaded: {0}.', absent.join(', '))] : []),
  ].join(' ');
}

function crash({ verdict: said, frames, console }: BootPage, send: Send): TemplateResult | typeof nothing {
  if (console.length === 0 || said === 'loads') return nothing;
  return html`<section class="crash">
    <h2>${said === 'crashed' ? t('Where it crashed') : t('Last lines of the console')}</h2>
    ${
      frames.length === 0
        ? nothing
        : html`<ol class="frames">
            ${frames.map(frame => html`<li>${frameView(frame, send)}</li>`)}
          </ol>`
    }
    <details ?open=${frames.length === 0}>
      <summary>
        ${console.length === 1 ? t('Console of the kernel, {0} line', 1) : t('Console of the kernel, {0} lines', console.length)}
      </summary>
      <pre class="log" tabindex="0">${console.join('\n')}</pre>
    </details>
  </section>`;
}

function frameView({ function: name, offset, module, location }: PageFrame, send: Send): TemplateResult {
  const where = html`<code>${name}+0x${offset.toString(16)}</code>${module === null ? nothing : html` [${module}]`}`;
  if (!location) return where;
  const shown = `${location.file.slice(location.file.lastIndexOf('/') + 1)}:${location.line}`;
  return html`${where}
    <vscode-link
      href="#"
      title=${location.file}
      @click=${(event: Event) => {
        event.preventDefault();
        send({ kind: 'open', ...location });
      }}
      >${shown}</vscode-link
    >`;
}

function comparison(page: BootPage): TemplateResult {
  const rows = rowsOf(page.facts);
  const differing = rows.filter(({ mark }) => mark === '✗').length;
  return html`<section class="comparison">
    <h2>${t('Simulation beside reality')}</h2>
    <p class="note">
      ${
        differing === 0
          ? t('Simulation and kernel agree about all {0} facts.', page.facts.length)
          : t('Simulation and kernel differ in {0} of {1} facts.', differing, page.facts.length)
      }
    </p>
    <div class="wide">
      <table class="facts">
        <thead>
          <tr>
            <th scope="col"><span class="hidden-text">${t('Agreement')}</span></th>
            <th scope="col">${t('Fact')}</th>
            <th scope="col">${t('Simulation')}</th>
            <th scope="col">${t('Real kernel')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(factRow)}
        </tbody>
      </table>
    </div>
  </section>`;
}

const MARKS: Readonly<Record<Row['mark'], { readonly style: string; readonly words: () => string }>> = {
  '✓': { style: 'same', words: () => t('the same') },
  '✗': { style: 'differs', words: () => t('different') },
  '·': { style: 'init', words: () => t('init has run') },
};

function factRow({ mark, label, name, simulated, real }: Row): TemplateResult {
  const { style, words } = MARKS[mark];
  const value = (title: string, text: string | null): TemplateResult =>
    text === null
      ? html`<td class="note" data-label=${title}>${t('(nothing)')}</td>`
      : html`<td class="mono" data-label=${title}>
          ${text === '' ? html`<span class="note">${t('(empty)')}</span>` : text}
        </td>`;
  return html`<tr class=${style}>
    <td><span aria-hidden="true">${mark}</span><span class="hidden-text">${words()}</span></td>
    <th scope="row">${label} ${name === '' ? nothing : html`<code>${name}</code>`}</th>
    ${mark === '✓' ? html`<td class="mono" colspan="2">${real === '' ? html`<span class="note">${t('(empty)')}</span>` : real}</td>` : html`${value(t('Simulation'), simulated)}${value(t('Real kernel'), real)}`}
  </tr>`;
}

function onlyKernel({ initReturned, printed }: BootPage): TemplateResult | typeof nothing {
  if (initReturned === null && printed.length === 0) return nothing;
  const own = printed.filter(({ byInit }) => byInit);
  const others = printed.filter(({ byInit }) => !byInit);
  return html`<section class="only">
    <h2>${t('What only the kernel knows')}</h2>
    ${initReturned === null ? nothing : html`<p>${t('init returned {0}.', initReturned)}</p>`}
    ${own.length === 0 ? nothing : lines(t('Printed while init ran'), own)}
    ${others.length === 0 ? nothing : lines(t('Other lines of the kernel'), others)}
  </section>`;
}

function lines(title: string, printed: BootPage['printed']): TemplateResult {
  return html`<h3>${title}</h3>
    <pre class="log" tabindex="0">${printed.map(({ level, text }) => `<${level}> ${text}`).join('\n')}</pre>`;
}
