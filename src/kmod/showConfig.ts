// modprobe --showconfig: the configuration by kinds, then the indexes (tools/modprobe.c, show_config()).
import type { ModprobeConfig } from './config';
import type { AliasEntry, ModuleIndexes } from './indexes';

/** Lines of standard output. Byte strings. */
export function showConfig(config: ModprobeConfig, indexes: ModuleIndexes): string[] {
  return [
    ...config.blacklist.map(modname => `blacklist ${modname}`),
    ...config.install.map(({ modname, command }) => `install ${modname} ${command}`),
    ...config.remove.map(({ modname, command }) => `remove ${modname} ${command}`),
    ...config.aliases.map(({ name, modname }) => `alias ${name} ${modname}`),
    ...config.options.map(({ modname, options }) => `options ${modname} ${options}`),
    ...config.softdeps.map(
      ({ modname, pre, post }) => `softdep ${modname} ${words('pre:', pre)}${words('post:', post)}`,
    ),
    ...config.weakdeps.map(({ modname, weak }) => `weakdep ${modname} ${weak.join(' ')}`),
    '',
    '# End of configuration files. Dumping indexes now:',
    '',
    ...indexLines(indexes.aliases),
    ...indexLines([...indexes.symbols].flatMap(([key, names]) => names.map(modname => ({ key, modname })))),
  ];
}

/** No blank between the lists. */
const words = (label: string, list: readonly string[]): string => (list.length > 0 ? `${label} ${list.join(' ')}` : '');

/** An index lists its keys in the order of their bytes, and the modules of a key in theirs. */
function indexLines(entries: readonly AliasEntry[]): string[] {
  return [...entries]
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ key, modname }) => `alias ${key} ${modname}`);
}
