// Installing packages of the system as root is asked for where somebody sits at a terminal; CI goes on without asking.
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';

/** Says `no` to everything that would run apt-get; read by test/kernel/lib/machine.ts and test/editor/lib/install.ts. */
export const INSTALL = 'INSMOD_LENS_INSTALL';

/** Asks once whether apt-get may install `what` as root. The answer stays in the environment of this process. */
export async function askToInstall(what) {
  const attended = process.stdin.isTTY && process.stdout.isTTY && !process.env.CI;
  const possible = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!attended || !possible || process.env[INSTALL] !== undefined) return;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`May apt-get install, as root, ${what} where they are missing? [y/N] `);
  terminal.close();
  process.env[INSTALL] = /^y(?:es)?$/i.test(answer.trim()) ? 'yes' : 'no';
}
