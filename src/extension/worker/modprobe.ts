// modprobe on each target: what the module depends on first, found beside it or among the target's own modules.
import { strerror } from '../../core/report/errnoNames';
import { moduleNameOfPath } from '../../core/report/result';
import { System } from '../../index';
import { readModule } from '../../node/decompress';
import { loadOrder, ModuleFinder } from '../../node/loadOrder';
import { modulesDirectory, openChoice } from '../../node/openChoice';
import type { TargetChoice } from '../../protocol/analysis';
import type { Step, TargetSteps, WorkerMethods } from '../../protocol/worker';
import { withTargets } from './withTargets';

type Request = WorkerMethods['modprobe']['params'];

export async function modprobe(request: Request): Promise<TargetSteps[]> {
  const all: TargetSteps[] = [];
  for (const target of withTargets(request).targets) all.push(await onTarget(request, target));
  return all;
}

async function onTarget(request: Request, target: TargetChoice): Promise<TargetSteps> {
  const facts = await openChoice(target);
  const system = new System(facts, { cmdline: request.cmdline });
  const finder = new ModuleFinder([request.path, ...request.loaded], request.known, modulesDirectory(target));
  const notes: string[] = [];
  const order = await loadOrder(request.path, finder, notes);
  const steps: Step[] = [];
  for (const file of order) {
    const isLast = file === request.path;
    const args = isLast ? request.args : '';
    const { bytes } = await readModule(file);
    const result = system.insmod({ path: file, bytes }, args, { comm: 'modprobe' });
    steps.push({
      command: `insmod ${file} ${args}`.trim(),
      log: result.log,
      errno: result.errno,
      errnoName: result.errnoName,
      toolLine: result.errno === 0 ? null : modprobeLine(moduleNameOfPath(request.path), result.errno),
      result,
    });
    if (result.errno !== 0) break;
  }
  return { target, release: facts.release, steps, notes };
}

/** kmod's modprobe (tools/modprobe.c). */
function modprobeLine(name: string, errno: number): string {
  const words: Readonly<Record<number, string>> = {
    2: 'Unknown symbol in module, or unknown parameter (see dmesg)',
    17: 'Module already in kernel',
  };
  return `modprobe: ERROR: could not insert '${name}': ${words[errno] ?? strerror(errno)}`;
}
