// Names as kmod compares them: dashes are underscores, but not within brackets (shared/util.c).

/** alias_normalize(), underscores(): null when the brackets do not match. */
export function normalizeAlias(alias: string): string | null {
  let normal = '';
  for (let at = 0; at < alias.length; at++) {
    const char = alias[at] ?? '';
    if (char === ']') return null;
    if (char === '[') {
      const end = alias.indexOf(']', at);
      if (end < 0) return null;
      normal += alias.slice(at, end + 1);
      at = end;
    } else {
      normal += char === '-' ? '_' : char;
    }
  }
  return normal;
}

/** modname_normalize(): up to the first dot. */
export function normalizeName(name: string): string {
  return (name.split('.', 1)[0] ?? '').replaceAll('-', '_');
}
