// Results on a terminal: the kernel log, then insmod's own line; or JSON.
import pc from 'picocolors';
import type { LoadResult, LogLine } from '../index';

/** A single object for a single target, an array for several. */
export function printJson(results: readonly LoadResult[]): void {
  process.stdout.write(JSON.stringify(results.length === 1 ? results[0] : results, null, 2) + '\n');
}

/** The log and insmod's line of each target on standard output; what could not be checked on standard error. */
export function printText(results: readonly LoadResult[]): void {
  for (const result of results) {
    if (results.length > 1) process.stdout.write(colour(pc.bold, `== ${result.kernel.release}`) + '\n');
    printLog(result.log);
    if (result.insmod !== null) process.stdout.write(colour(pc.red, result.insmod) + '\n');
    for (const { name, outcome, notes } of result.stages)
      if (outcome === 'not-checked')
        for (const note of notes) process.stderr.write(`insmod-lens: not checked: ${name}: ${note}\n`);
  }
}

export function printLog(log: readonly LogLine[]): void {
  for (const { level, text } of log) process.stdout.write(colour(levelColour(level), text) + '\n');
}

type Colour = (text: string) => string;

/** As dmesg colours: errors red, warnings yellow. */
function levelColour(level: number): Colour {
  if (level <= 3) return pc.red;
  return level === 4 ? pc.yellow : text => text;
}

function colour(paint: Colour, text: string): string {
  return process.stdout.isTTY ? paint(text) : text;
}
