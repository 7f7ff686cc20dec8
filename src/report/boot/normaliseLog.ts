// Makes logs comparable: takes out what differs from boot to boot, and what no simulator can know.

/** Level and text. */
type Line = readonly [level: number, text: string];

/** The loader speaks in errors, warnings and notices; what is below comes from modules and the rest of the kernel. */
const LOADER_SPEAKS_BELOW = 6;

/** printk's own rate limit, which depends on what the machine printed before. */
const RATE_LIMIT = /: \d+ callbacks suppressed$/;

/** What surrounds the text of a warning: where in the kernel's source it stands, and what is loaded. */
const FRAME = /^-+\[ cut here \]-+$|^WARNING: |^Modules linked in:|^---\[ end trace/;

const DUMP_STARTS = [/^CPU: \d+ /, /^Hardware name: /];
const DUMP_ENDS = /^ ?<\/TASK>|^---\[ end trace/;

/** Values in relocation complaints depend on where the module happened to be placed. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/\b(val|loc) (?:\(____ptrval____\)|\(efault\)|[0-9a-f]+)/g, '$1 <address>'],
  [/\b0x[0-9a-f]{9,16}\b/g, '<address>'],
  [/\b[0-9a-f]{16}\b/g, '<address>'],
  // Of 32-bit machines.
  [/\(0x[0-9a-f]+ -> 0x[0-9a-f]+\)/g, '(<address> -> <address>)'],
  // Distances between addresses.
  [/-?\b[0-9]{15,20}\b/g, '<address>'],
];

/** Bytes outside printable ASCII may be spelled as /dev/kmsg spells them. */
function unescapeLog(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** One line per line of text; a stack dump is left out, from its first line to its last. */
export function normaliseLog(log: readonly Line[]): string[] {
  const lines = log.flatMap(([level, text]) =>
    unescapeLog(text)
      .replace(/\n$/, '')
      .split('\n')
      .map(line => [level, line] as const),
  );
  const kept: string[] = [];
  let inDump = false;
  for (const [level, line] of lines) {
    if (!inDump && DUMP_STARTS.some(start => start.test(line))) inDump = true;
    if (!inDump && level < LOADER_SPEAKS_BELOW && !RATE_LIMIT.test(line) && !FRAME.test(line))
      kept.push(`<${level}> ${PLACES.reduce((text, [from, to]) => text.replace(from, to), line)}`);
    if (DUMP_ENDS.test(line)) inDump = false;
  }
  return kept;
}
