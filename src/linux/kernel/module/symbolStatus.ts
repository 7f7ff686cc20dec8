// What becomes of an undefined symbol in simplify_symbols().

/** Those that refuse a load come last. */
export const SYMBOL_STATUSES = [
  'ok',
  'unresolved-weak',
  'ignored',
  'missing',
  'gpl-only',
  'version',
  'namespace',
  'proprietary',
  'busy',
] as const;

export type SymbolStatus = (typeof SYMBOL_STATUSES)[number];

const TOLERATED: ReadonlySet<string> = new Set<SymbolStatus>(['ok', 'unresolved-weak', 'ignored']);

/** The kernel refuses a load because of it. */
export function isRefusing(status: string): boolean {
  return !TOLERATED.has(status);
}
