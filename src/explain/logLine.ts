// A line of a kernel log as people paste it: with level, time, host and whatever else stands before the message.

/** What dmesg, journalctl, syslog and /dev/kmsg put in front, in the order they do. */
const PREFIXES: readonly RegExp[] = [
  /^\s+/,
  // Quoted in a mail or an issue.
  /^(?:>\s?)+/,
  // Date and host of a system log: "Nov 20 13:52:01 host kernel: ", "2026-11-20T13:52:01.123+01:00 host kernel: ".
  /^(?:[A-Z][a-z]{2}\s+\d+\s[\d:.]+|\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?)\s+(?:\S+\s+)?kernel(?:\[\d+\])?:\s*/,
  // dmesg -x
  /^(?:kern|user|daemon|syslog)\s*:(?:emerg|alert|crit|err|warn|notice|info|debug)\s*:\s*/,
  // /dev/kmsg
  /^\d+,\d+,\d+,[-c][^;]*;/,
  /^<\d+>/,
  // Times of dmesg, the caller, times as dates.
  /^\[\s*\d+\.\d+\]\s*/,
  /^\[\s*[TC]\d+\]\s*/,
  /^\[[A-Z][a-z]{2} [A-Z][a-z]{2}\s+\d+ [\d:]+ \d{4}\]\s*/,
  /^\[[A-Z]?[a-z]*\d*\s*[\d:]*[+<>]?\s*\d+\.\d+\]\s*/,
];

/** The message alone. */
export function messageOf(line: string): string {
  return PREFIXES.reduce((rest, prefix) => rest.replace(prefix, ''), line).trimEnd();
}
