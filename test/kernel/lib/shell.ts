// Running programs of the machine.
import { spawnSync } from 'node:child_process';

/** Runs a program and returns what it printed; throws with its complaint when it fails. */
export function run(
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; latin1?: boolean } = {},
): string {
  const encoding = options.latin1 ? 'latin1' : 'utf8';
  const env = options.env ?? process.env;
  const result = spawnSync(program, args, { encoding, maxBuffer: 1 << 28, env });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `${program} ${args.join(' ')}: exit ${result.status}\n${(result.stdout + result.stderr).slice(-4000)}`,
    );
  }
  return result.stdout;
}

/** Feeds `input` to a program and returns the bytes it printed; throws when it fails. */
export function runBinary(program: string, args: readonly string[], input: Uint8Array): Buffer {
  const result = spawnSync(program, args, { input, maxBuffer: 1 << 28 });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${result.stderr.toString()}`);
  return result.stdout;
}

/** Whether the machine has a program of that name. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;
}

/** One line to the person waiting. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** False where somebody was asked whether packages of the system may be installed, and did not say yes: scripts/consent.mjs. */
export const mayInstall = (): boolean => process.env['INSMOD_LENS_INSTALL'] !== 'no';
