// A line of a kernel log as people paste it: with level, time, host and whatever else stands before the message.

/** "[   12.345678] " and what consoles make of it: other signs, a comma for the point, the CPU, the caller. */
const TIME = String.raw`[-+ ]?\s{0,9}\d{1,12}[.,]\d{1,9}\s?(?:@\d+)?`;

/** What may stand before a message, taken away as long as one fits: what begins with a bracket ... */
const BRACKETS: readonly RegExp[] = [
  /^\[(?:INFO|WARN|WARNING|ERROR|FATAL)(?:\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?: \w+)?)?\]\s+/,
  // Times of dmesg, absolute, relative and as dates, and the caller.
  new RegExp(String.raw`^\[[<>]?${TIME}[<>]?\]\s*`),
  new RegExp(String.raw`^\[\p{L}{0,5}\.?\s{0,2}\d{0,2}\s{0,2}[\d:]{0,8}\s{0,9}[<>]?${TIME}\s?[<>]?\]\s*`, 'u'),
  /^\[\p{L}{2,5}\.?\s*\d{1,2}\s+\d\d:\d\d\]\s*/u,
  /^\[\s*[TC]\d+\]\s*/,
  /^\[[^\][]{0,12}\s\d{1,2}\s[^\][]{0,12}\d\d:\d\d:\d\d[^\][]{0,12}\]\s*/,
  // Consoles of vendors: "[4: insmod: 1234]", "@3]", "(0)[4410:insmod]", "-(2)[1:init]", "[pid:12,cpu0,insmod]", "c0".
  /^\[\s*\d+:[^\]:]+:\s*\d+\]\s*/,
  /^\[(?:pid:)?\d+[,:][^\]]*\]\s*/,
  /^\[CPU\d+\]:?\s+/,
  // The time was removed before the line was pasted.
  /^\[(?:\.{2,}|…|snip(?:ped)?)\]\s*/,
];

/** ... with a digit ... */
const DIGITS: readonly RegExp[] = [
  // "2011.10.15 21:50:37 host(kern.warning) kernel: "
  /^\d{4}\.\d\d\.\d\d \d\d:\d\d:\d\d \S+\(\w+\.\w+\) kernel:\s*/,
  /^[\w.-]+ kernel(?:\[\d+\])?: /,
  /^\d{1,2}\.?\s*\p{L}{2,5}\.?\s+\d\d:\d\d:\d\d(?:[.,]\d+)?\s+(?:\S+\s+)?(?=[\w().-]+(?:\[\d+\])?:\s)(?:kernel(?:\[\d+\])?:\s*)?/u,
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d|\s[A-Z]{2,5}(?=\s))?\s+(?:\S+\s+(?=[\w().-]+(?:\[\d+\])?:\s))?(?:kernel(?:\[\d+\])?:\s*)?/,
  // Tools that test boards: "29.10.26 17:00:52 (+0200)  main  ".
  /^\d{1,2}[./]\d{1,2}[./]\d{2,4} \d\d:\d\d:\d\d(?:[.,]\d+)?(?: \([+-]\d{4}\))?\s+(?:main\s+)?/,
  // Months that are numbers with a sign: "11月 20 13:52:01 host kernel: ".
  /^\d{1,2}\p{Lo}\s{0,2}\d{1,2}\p{Lo}?\s+\d\d:\d\d:\d\d(?:[.,]\d+)?\s+(?:\S+\s+)?(?=[\w().-]+(?:\[\d+\])?:\s)(?:kernel(?:\[\d+\])?:\s*)?/u,
  // logcat: "11-20 13:52:01.123  1234  1234 I tag: ", "E/tag ( 123): ".
  /^\d\d-\d\d \d\d:\d\d:\d\d\.\d+\s+(?:root\s+)?\d+\s+\d+\s+[VDIWEF]\s+/,
  // /dev/kmsg
  /^\d+,\d+,\d+,[-c][^;]*;/,
  // A time that lost its bracket when it was copied.
  /^\d{1,7}\.\d{6}\]\s+/,
];

/** ... with a letter ... */
const WORDS: readonly RegExp[] = [
  // Loggers of programs: "WARN[0001] ", "[ERROR] ", "[INFO    2019-01-20 06:04:33 UTC] ".
  /^(?:INFO|WARN|WARNING|ERROR|FATAL|DEBU|ERRO)\[\d+\]\s+/,
  /^[\w.-]+ kernel(?:\[\d+\])?: /,
  // dmesg -x, logread, syslog with facility: "kern  :warn  : ", "kern.alert: ", "kern.warn kernel: ".
  /^(?:kern|user|daemon|syslog|auth|local\d)\s*[.:]\s*(?:emerg|alert|crit|err|error|warn|warning|notice|info|debug)\s*:?\s+(?:kernel:\s*)?/,
  /^(?:emerg|alert|crit|err|warn|notice|info|debug)\s*:\s+(?=\[)/,
  // Date of a system log, in any language and order, with host: it must be followed by a program's name.
  /^\p{L}{2,5}\.?\s+\d{1,2}\.?\s+\d\d:\d\d:\d\d(?:[.,]\d+)?\s+(?:\S+\s+)?(?=[\w().-]+(?:\[\d+\])?:\s)(?:kernel(?:\[\d+\])?:\s*)?/u,
  /^\p{L}{2,4}\.?\s+\p{L}{2,5}\.?\s+\d{1,2}\s+\d\d:\d\d:\d\d(?:\s+\w{2,5})?\s+\d{4}\s+/u,
  /^[VDIWEF]\/[\w.-]+\s*\(\s*\d+\):\s*/,
  // Loggers of programs with names before the values: 'time="..." level=warning msg="'.
  /^time="?[^"\s]+(?:"?\s+| [^"]*(?:"\s+|\s))level=\w+\s+msg="?/,
  // Dates with the day of the week first: "Thu 2026-11-20 13:52:01 CET host kernel: ".
  /^\p{L}{2,4}\.? (?=\d{4}-\d\d-\d\d \d\d:)/u,
  /^(?:kernel|klogd|KERNEL)(?:\[\d+\])?\s*:\s*(?=[[<]|[\w-]+: )/,
  /^[cC]\d\s(?:\s*\d+)?\s+(?=[\w[])/,
  /^CPU\d+:?\s+/,
  // Names of containers before what they print.
  /^[\w.-]+\s+\|\s+/,
];

/** ... or with anything else. */
const SIGNS: readonly RegExp[] = [
  /^\s+/,
  // What was left out, and columns of programs that print others' lines: "... ", "| ".
  /^(?:\.{3,}|\|)\s*/,
  // What the output of a command is marked with, in a listing.
  /^#+\s+(?=\[|[\w-]+: )/,
  // Quoted in a mail or an issue, marked as a shell's line, or set as code.
  /^(?:>\s?)+/,
  /^[`*]+(?:(?<=\*)_{1,2})?(?=[[<\w])/,
  // A field of JSON.
  /^"[\w ]+":\s*"(?=\w)/,
  /^<\d+>/,
  /^@\d+\]?\s+/,
  /^@\d+\]/,
  /^-?\(\d+\)\s*\[\d+:[^\]]+\](?::\s+(?=[A-Z]))?\s*/,
];

function prefixesOf(text: string): readonly RegExp[] {
  const first = text.charCodeAt(0);
  if (first === 0x5b) return BRACKETS;
  if (first >= 0x30 && first <= 0x39) return DIGITS;
  // Names of months have letters of every language.
  return (first >= 0x41 && first <= 0x5a) || (first >= 0x61 && first <= 0x7a) || first >= 0x80 ? WORDS : SIGNS;
}

/** Color codes of terminals and other controls that serial lines carry. */
const CONTROLS = /\x1b\[[0-9;?]*[A-Za-z]|[\0-\x08\x0b\x0e-\x1f\x7f]/g;

/** Lines of a paste from any system, without colors. */
export function linesOfLog(text: string): string[] {
  return text.replace(CONTROLS, '').split(/\r\n|\n|\r/);
}

/** Ends of a line that was set as code. */
const CODE_END = /(?<=[A-Za-z0-9.'")\]])_{0,2}[`*]+\.?$/;
/** End of a quotation that began before the message. */
const QUOTATION_END = /(?:\\n)?"[.,]?$/;

const isOdd = (text: string): boolean => (text.split('"').length - 1) % 2 === 1;

/** Words set in bold, as people mark what matters in what they paste; banners of stars are none. */
const BOLD = /\*\*(?=[^\s*])([^*]{1,200}?)(?<=[^\s*])\*\*/g;

/** What editors of text and web pages make of signs, and what programs print. */
const SIGNS_OF_PAGES: ReadonlyMap<string, string> = new Map([
  ...[...'‘’‚′´'].map(sign => [sign, "'"] as const),
  ...[...'“”„″'].map(sign => [sign, '"'] as const),
  ...[...'‐‑–−'].map(sign => [sign, '-'] as const),
  ['\u00a0', ' '],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&#039;', "'"],
  ['&apos;', "'"],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
  ['&nbsp;', ' '],
]);
const PAGES = new RegExp([...SIGNS_OF_PAGES.keys()].join('|'), 'g');

/** What someone typed, or copied from a page, is no line that was printed. */
const COMMAND = /\b(?:insmod|modprobe) [^:]*[“”„]/;

/** A line as it was printed, before a web page or an editor of text changed its signs. */
export const asPrinted = (line: string): string =>
  !COMMAND.test(line) && /[^\x00-\x7f]|&[a-z#]|\*\*/.test(line)
    ? line.replace(PAGES, sign => SIGNS_OF_PAGES.get(sign) ?? sign).replace(BOLD, '$1')
    : line;

/** Where programs that print JSON put the output of a command. */
const FIELD = /"(?:msg|stderr|message|error|log|MESSAGE)":\s?"((?:[^"\\]|\\.)+)"/;

/** The first line of such a field. */
function ofField(line: string): string {
  const field = line.includes('": ') || line.includes('":"') ? FIELD.exec(line)?.[1] : undefined;
  return field === undefined ? line : (field.replace(/\\(["/])/g, '$1').split(/\\[nr]/)[0] ?? line);
}

/** The message alone. */
export function messageOf(line: string): string {
  let rest = ofField(asPrinted(line));
  for (let before = ''; before !== rest;) {
    before = rest;
    for (const prefix of prefixesOf(rest)) {
      rest = rest.replace(prefix, '');
      if (rest !== before) break;
    }
  }
  rest = rest.trimEnd();
  if (/[`*.]/.test(rest.at(-1) ?? '')) rest = rest.replace(CODE_END, '');
  return isOdd(rest) ? rest.replace(QUOTATION_END, '') : rest;
}
