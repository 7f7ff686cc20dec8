// Makes the examples of the pages anew: what a recorded kernel printed, which the engine has to say as well.
import { recordedCases, type Answered } from '../support/recordedCases';
import { releaseOf, type Generation } from '../support/recorded';
import { EXAMPLES } from './examples';
import { logLines, type Shown } from './shown';

/** The examples by code. */
export async function reproduceAll(): Promise<Map<string, Shown>> {
  const shown = new Map<string, Shown>();
  const byKernel = new Map<Generation, Map<string, string[]>>();
  for (const [code, example] of Object.entries(EXAMPLES)) {
    if ('made' in example) {
      shown.set(code, await example.made(example.kernel, code));
      continue;
    }
    const ids = byKernel.get(example.kernel) ?? new Map<string, string[]>();
    const codes = ids.get(example.recorded) ?? [];
    codes.push(code);
    byKernel.set(example.kernel, ids.set(example.recorded, codes));
  }
  for (const [kernel, ids] of byKernel) {
    for (const answered of recordedCases(kernel))
      for (const code of ids.get(answered.id) ?? []) {
        const example = fromRecording(kernel, answered, code);
        if (example && !shown.has(code)) shown.set(code, example);
      }
  }
  return shown;
}

/** Null where the step is not the one that shows it. */
function fromRecording(kernel: Generation, { id, cmdline, step, log, result }: Answered, code: string): Shown | null {
  const finding = result.findings.find(candidate => candidate.code === code);
  if (!finding) return null;
  const name = 'fixture' in step.module ? step.module.fixture : '';
  const changed = step.module.patches || step.module.truncate !== undefined || step.module.append;
  const command = ['insmod', ...forces(step.flags ?? 0), `${name}.ko`, step.args].filter(Boolean).join(' ');
  return {
    about:
      `${releaseOf(kernel)}${cmdline ? `, booted with \`${cmdline}\`` : ''}: ` +
      `\`${name}\` of \`test/kernel/fixtures/\`${changed ? ', changed' : ''} (case \`${id}\` of its recording).`,
    // The kernel's own lines; test/kernel holds the engine's against them.
    session: [
      `$ ${command}`,
      ...logLines(
        log.map(([, text]) => ({ text })),
        code,
      ),
      ...(result.insmod === null ? [] : [result.insmod]),
    ],
    finding,
  };
}

function forces(flags: number): string[] {
  if (flags === 0) return [];
  const named = [flags & 1 ? '--force-modversion' : '', flags & 2 ? '--force-vermagic' : ''].filter(Boolean);
  return flags > 3 ? [`(flags ${flags})`] : named;
}
