// Module parameters from a command line to the one string the kernel gets.

/** What the kernel gets of text typed in a terminal: one char for each byte of it in UTF-8. */
export function bytesOfText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/**
 * Joins arguments as insmod of kmod 31 and later: a value with a space in it is put in double quotes, unless it has
 * quotes already. (Earlier versions joined with spaces and nothing else.)
 */
export function joinArguments(args: readonly string[]): string {
  return args.map(quote).join(' ');
}

function quote(argument: string): string {
  const equals = argument.indexOf('=');
  if (equals < 0) return argument;
  const value = argument.slice(equals + 1);
  if (!value.includes(' ') || /^["']/.test(value)) return argument;
  return `${argument.slice(0, equals)}="${value}"`;
}
