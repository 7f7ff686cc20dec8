// Kernel configuration, as include/config/auto.conf or .config hold it.
import { byteString } from '../formats/bytes/strings';

const PREFIX = 'CONFIG_';

/**
 * Options that are set, without the CONFIG_ prefix: `y`, `m`, a number, or a string without its quotes (auto.conf has
 * none since 5.16). Lines such as `# CONFIG_X is not set`, other comments and anything else are dropped, and so is
 * `CONFIG_X=n`, which Kconfig reads as not set. Of repeated options the last wins, as in Kconfig.
 */
export function parseConfig(text: Uint8Array): Record<string, string> {
  // One string, and lines cut from it: decoding line by line takes five times as long.
  const lines = byteString(text, 0, text.length);
  // A null prototype, so that no option name can mean something else.
  const config = Object.create(null) as Record<string, string>;
  for (let at = 0; at < lines.length;) {
    const newline = lines.indexOf('\n', at);
    const end = newline < 0 ? lines.length : newline;
    if (lines.startsWith(PREFIX, at)) addOption(config, lines.slice(at + PREFIX.length, end));
    at = end + 1;
  }
  return config;
}

function addOption(config: Record<string, string>, line: string): void {
  const equals = line.indexOf('=');
  if (equals <= 0) return;
  const name = line.slice(0, equals);
  const value = unquote(line.slice(equals + 1).trimEnd());
  if (value === 'n') delete config[name];
  else config[name] = value;
}

/** Kconfig escapes `"` and `\` in strings with a backslash. */
function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.slice(1, value.endsWith('"') && value.length > 1 ? -1 : undefined).replace(/\\(.)/g, '$1');
}
