// Module parameters checked one by one, each as the kernel would read it.
import { nearest } from '../../../findings/nearest';
import { readSections } from '../../../formats/elf/sectionByName';
import { modinfoValues } from '../../../formats/ko/modinfo';
import type { KernelFacts, LoadResult } from '../../../index';
import { readModule } from '../../node/decompress';
import { bootFor, openChoice } from '../../node/openChoice';
import type { ArgumentProblem, WorkerMethods } from '../../../protocol/worker';
import { withTargets } from './withTargets';

type Check = WorkerMethods['checkArguments'];

/** Findings that are about what was given as parameters. */
const ABOUT_PARAMETERS = [
  'unknown-parameter',
  'invalid-parameter',
  'parameter-limit',
  'unsafe-parameter',
  'dyndbg-query',
  'arguments-after-dashes',
];

/**
 * An argument is problematic if any target says so. A target that refuses the module before it reads parameters says
 * nothing; if all do, names are still held against those the module declares.
 */
export async function checkArguments({ request, args }: Check['params']): Promise<Check['result']> {
  const { bytes } = await readModule(request.path);
  const names = declaredNames(bytes);
  const targets: KernelFacts[] = [];
  for (const target of withTargets(request).targets)
    try {
      targets.push(await openChoice(target));
    } catch {
      // Told where the module itself is shown.
    }
  const problems: (ArgumentProblem | null)[] = [];
  for (const arg of args) problems.push((await problemOn(targets, arg)) ?? unknownName(arg, names));
  return { problems, names };

  /** What the first target with something to say says; each machine has just booted, so no answer depends on another. */
  async function problemOn(targets: readonly KernelFacts[], arg: string): Promise<ArgumentProblem | null> {
    for (const facts of targets) {
      const system = await bootFor(request, facts);
      const problem = problemOf(system.insmod({ path: request.path, bytes }, arg), arg, names);
      if (problem) return problem;
    }
    return null;
  }
}

function problemOf(result: LoadResult, arg: string, names: readonly string[]): ArgumentProblem | null {
  const finding = result.findings.find(({ code }) => ABOUT_PARAMETERS.includes(code));
  if (!finding) return null;
  const isName = finding.code === 'unknown-parameter' || !names.includes(nameOf(arg));
  const { code, severity, message, explanation } = finding;
  return { code, severity, message, explanation, isName, suggestion: isName ? nearest(nameOf(arg), names) : null };
}

/** What every kernel would say of a name that the module does not declare. */
function unknownName(arg: string, names: readonly string[]): ArgumentProblem | null {
  const name = nameOf(arg);
  if (names.includes(name) || GENERIC.test(name)) return null;
  const guess = nearest(name, names);
  return {
    code: 'unknown-parameter',
    severity: 'warning',
    message: `unknown parameter '${name}'`,
    explanation: 'The module has no parameter of that name.' + (guess === null ? '' : ` Did you mean ${guess}?`),
    isName: true,
    suggestion: guess,
  };
}

/** Parameters the kernel itself has for every module, and what begins the part for init. */
const GENERIC = /^(?:dyndbg|async_probe|--)$/;

function nameOf(arg: string): string {
  return (arg.split('=')[0] ?? '').replaceAll('-', '_');
}

function declaredNames(bytes: Uint8Array): string[] {
  const modinfo = readSections(bytes)?.find('.modinfo')?.bytes ?? new Uint8Array();
  return modinfoValues(modinfo, 'parmtype').map(value => value.slice(0, Math.max(0, value.indexOf(':'))));
}
