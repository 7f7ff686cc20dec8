// Globs as the settings have them, for editors that cannot search: `**`, `*`, `?` and `{a,b}`.

/** What a path relative to its folder has to look like. */
export function globPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|\{/g, part => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (!/^\{.*\}$/.test(part)) return escaped(part);
    return `(?:${part.slice(1, -1).split(',').map(escaped).join('|')})`;
  });
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
