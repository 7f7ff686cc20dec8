// Where a symbol was looked for, and the modules that the module uses.
import { html, nothing, type TemplateResult } from 'lit';
import type { StepSearches, StepSymbols } from '../../src/protocol/view';
import { markdownTable } from '../export/markdown';
import { t } from '../l10n';
import { symbolsText } from '../text';

const OUTCOMES: Readonly<Record<StepSearches['outcomes'][number], readonly [sign: string, words: string]>> = {
  absent: ['–', t('not there')],
  found: ['✓', t('found')],
  hidden: ['✗', t('there, but hidden: only for modules with a GPL-compatible license')],
  'passed-over': ['✗', t('not searched: only for modules with a GPL-compatible license')],
  unformed: ['–', t('not searched: the module is not formed yet')],
};

/** How many tables each symbol was looked for in, by its index in `searches.symbols`. */
export function tablesSearched({ symbols, symbol }: StepSearches): Uint32Array {
  const counts = new Uint32Array(symbols.length);
  for (const index of symbol) counts[index] = (counts[index] ?? 0) + 1;
  return counts;
}

/** The tables in the order they were searched. */
export function searchPath(searches: StepSearches, name: string): TemplateResult | typeof nothing {
  const { symbols, tables, symbol, table, outcome, outcomes, byHalves } = searches;
  const wanted = symbols.indexOf(name);
  const rows = [...symbol.keys()].filter(row => symbol[row] === wanted);
  if (wanted < 0) return nothing;
  return html`<div class="search-path" role="group" aria-label=${t('Search for {0}', name)}>
    <h4>${t('Search for {0}', name)}</h4>
    <ol>
      ${rows.map(row => {
        const place = tables[table[row] ?? 0];
        const result = outcomes[outcome[row] ?? 0] ?? 'absent';
        const [sign, words] = OUTCOMES[result];
        return html`<li class=${result}>
          <span class="sign" aria-hidden="true">${sign}</span>
          <code>${place?.owner} ${place?.section}</code> <span>${words}</span>
        </li>`;
      })}
    </ol>
    <p class="note">
      ${
        byHalves
          ? t(
              'Tables are sorted by name and searched by halves. vmlinux comes first, then the modules, the newest first.',
            )
          : t(
              'Tables are searched from their start to their end. vmlinux comes first, then the modules, the newest first.',
            )
      }
    </p>
  </div>`;
}

/** struct module_use: one for each module that is used, however many symbols. */
export function useObjects({ uses }: StepSymbols, module: string): TemplateResult | typeof nothing {
  const { modules, bothWays } = uses;
  if (modules.length === 0) return nothing;
  return html`<h3>${t('Modules it uses')}</h3>
    <ul class="uses">
      ${modules.map(
        ({ name, users, symbols }) =>
          html`<li data-module=${name}>
            <div class="end">
              <strong>${module}</strong>
              ${bothWays ? html`<code>target_list</code>` : nothing}
            </div>
            <div class="use"><code>struct module_use</code><span>${symbolsText(symbols)}</span></div>
            <div class="end">
              <strong>${name}</strong>
              <code>${bothWays ? 'source_list' : 'modules_which_use_me'}</code>
              <span>${users.join(t(', '))}</span>
            </div>
          </li>`,
      )}
    </ul>`;
}

export function usesMarkdown(symbols: StepSymbols | null): string[] {
  if (!symbols || symbols.uses.modules.length === 0) return [];
  const rows = symbols.uses.modules.map(({ name, users, symbols: count }) => [name, String(count), users.join(', ')]);
  return [
    `### ${t('Modules it uses')}`,
    '',
    markdownTable([t('Module'), t('Symbols'), symbols.uses.bothWays ? 'source_list' : 'modules_which_use_me'], rows),
  ];
}
