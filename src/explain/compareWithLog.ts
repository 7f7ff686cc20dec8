// Whether a simulation says what a log says.
import type { LogLine } from '../findings/types';
import type { LogExplanation } from './explainLog';

export interface Comparison {
  /**
   * `reproduced`: every refusing line of the log, and the errno of the tool, came out of the simulation; `differs`: one of
   * them did not; `nothing-to-compare`: the log has no refusing line of the kernel on this module.
   */
  readonly outcome: 'reproduced' | 'differs' | 'nothing-to-compare';
  /** Refusing lines that only the log has. */
  readonly missing: readonly string[];
  /** Lines of the simulation that the log does not have; a log may have been cut. */
  readonly more: readonly string[];
}

interface Simulated {
  readonly module: { readonly name: string };
  readonly errno: number;
  readonly log: readonly LogLine[];
}

/** Compares what a log says about the simulated module with the result of the simulation. */
export function compareWithLog({ entries, tools }: LogExplanation, result: Simulated): Comparison {
  const isAbout = (module: string | null): boolean => module === null || module === result.module.name;
  const lines = entries
    .filter(({ effect, module }) => effect === 'refused' && isAbout(module))
    .flatMap(entry => entry.lines);
  const errnos = tools
    .filter(({ errno, modules }) => errno !== null && (modules.length === 0 || modules.includes(result.module.name)))
    .map(({ errno }) => errno);
  const logged = new Set(entries.flatMap(entry => entry.lines.map(plainly)));
  const more = result.log.map(({ text }) => text).filter(text => !logged.has(plainly(text)));
  const simulated = new Set(result.log.map(({ text }) => plainly(text)));
  const missing = lines.filter(line => !simulated.has(plainly(line)));
  const isOtherErrno = errnos.length > 0 && !errnos.includes(result.errno);
  if (missing.length > 0 || isOtherErrno) return { outcome: 'differs', missing, more };
  return { outcome: lines.length > 0 ? 'reproduced' : 'nothing-to-compare', missing, more };
}

/** Addresses differ from boot to boot, and kernels differ in a final full stop. */
const plainly = (line: string): string =>
  line
    .replace(/\.$/, '')
    .replace(/\b[0-9a-f]{8,16}\b/g, 'ADDRESS')
    .replace(/^(?:module|Modules): /, '');
