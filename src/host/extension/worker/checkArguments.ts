// Module parameters checked one by one, each as the kernel would read it.
import { describe, reportedOf, told } from '../../../findings/all';
import { nearest } from '../../../findings/nearest';
import type { Finding } from '../../../findings/types';
import { unknownParameter } from '../../../findings/unknownParameter';
import { readSections } from '../../../formats/elf/sectionByName';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import { modinfoValues } from '../../../formats/ko/modinfo';
import { openObject } from '../../../formats/ko/objectFile';
import type { LoadResult } from '../../../index';
import { readModule } from '../../node/decompress';
import { openChoice, prepareFor } from '../../node/openChoice';
import type { TargetChoice } from '../../../protocol/analysis';
import type { ArgumentProblem, WorkerMethods } from '../../../protocol/worker';
import { withTargets } from './withTargets';

type Check = WorkerMethods['checkArguments'];

/**
 * An argument is problematic if any target says so. A target that refuses the module before it reads parameters says
 * nothing; if all do, names are still held against those the module declares.
 */
export async function checkArguments({ request, args }: Check['params']): Promise<Check['result']> {
  const { bytes } = await readModule(request.path);
  const names = declaredNames(bytes);
  const object = openObject(bytes);
  const targets: TargetChoice[] = [];
  for (const target of withTargets(request).targets)
    try {
      await openChoice(target);
      targets.push(target);
    } catch {
      // Told where the module itself is shown.
    }
  const problems: (ArgumentProblem | null)[] = [];
  for (const arg of args)
    problems.push((await problemOn(targets, arg)) ?? unknownName(moduleNameOfPath(request.path), arg, names));
  return { problems, names };

  /** What the first target with something to say says; each machine has just booted, so no answer depends on another. */
  async function problemOn(targets: readonly TargetChoice[], arg: string): Promise<ArgumentProblem | null> {
    for (const target of targets) {
      const { system } = await prepareFor(request, target, object);
      const problem = problemOf(system.insmod({ path: request.path, bytes }, arg), arg, names);
      if (problem) return problem;
    }
    return null;
  }
}

function problemOf(result: LoadResult, arg: string, names: readonly string[]): ArgumentProblem | null {
  const finding = result.findings.find(isAboutArgument);
  if (!finding) return null;
  const isName = finding.code === unknownParameter.id || !names.includes(nameOf(arg));
  return { finding, isName, suggestion: isName ? nearest(nameOf(arg), names) : null };
}

function isAboutArgument(finding: Finding): boolean {
  const reported = reportedOf(finding);
  return reported !== undefined && told(reported.definition.fixes, reported.facts).includes('change-argument');
}

/** What every kernel would say of a name that the module does not declare. */
function unknownName(module: string, arg: string, names: readonly string[]): ArgumentProblem | null {
  const param = nameOf(arg);
  if (names.includes(param) || GENERIC.test(param)) return null;
  const suggestion = nearest(param, names);
  const finding = describe({ definition: unknownParameter, facts: { module, param, suggestion } }, 'parse_args');
  return { finding, isName: true, suggestion };
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
