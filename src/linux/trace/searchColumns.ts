// Where each symbol was looked for, table by table.
import type { SearchOutcome } from '../kernel/module/types';
import type { SearchTrace } from './types';

/** Symbols times tables: nobody reads more. */
const MOST_STEPS = 200_000;

export const SEARCH_OUTCOMES: readonly SearchOutcome[] = ['absent', 'found', 'hidden', 'passed-over', 'unformed'];

export class SearchColumns {
  private readonly symbols = new Map<string, number>();
  private readonly tables = new Map<string, number>();
  private readonly symbol: number[] = [];
  private readonly table: number[] = [];
  private readonly outcome: number[] = [];

  /** @param owner null for vmlinux; `table` is null for a module as a whole */
  push(symbol: string, owner: string | null, table: string | null, outcome: SearchOutcome): void {
    if (this.symbol.length >= MOST_STEPS) return;
    this.symbol.push(indexIn(this.symbols, symbol));
    this.table.push(indexIn(this.tables, `${owner ?? 'vmlinux'}\0${table === null ? '' : `__ksymtab${table}`}`));
    this.outcome.push(SEARCH_OUTCOMES.indexOf(outcome));
  }

  trace(): SearchTrace {
    const tables = [...this.tables.keys()].map(key => {
      const [owner = '', section = ''] = key.split('\0');
      return { owner, section };
    });
    return {
      symbols: [...this.symbols.keys()],
      tables,
      symbol: Uint32Array.from(this.symbol),
      table: Uint32Array.from(this.table),
      outcome: Uint8Array.from(this.outcome),
    };
  }
}

function indexIn(known: Map<string, number>, key: string): number {
  let index = known.get(key);
  if (index === undefined) known.set(key, (index = known.size));
  return index;
}
