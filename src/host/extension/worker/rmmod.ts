// rmmod on each target: the module and what was loaded before it, then delete_module.
import { rmmodLines } from '../../../kmod/insmodLine';
import { readModule } from '../../node/decompress';
import { openObject } from '../../../formats/ko/objectFile';
import { openChoice, prepareFor } from '../../node/openChoice';
import type { AnalyseRequest } from '../../../protocol/analysis';
import type { Step, TargetSteps } from '../../../protocol/worker';
import { withTargets } from './withTargets';

/** The first step is the load; without it there is nothing to remove. */
export async function rmmod(request: AnalyseRequest): Promise<TargetSteps[]> {
  const all: TargetSteps[] = [];
  for (const target of withTargets(request).targets) {
    const facts = await openChoice(target);
    const { bytes } = await readModule(request.path);
    const { system } = await prepareFor(request, target, openObject(bytes));
    const result = system.insmod({ path: request.path, bytes }, request.args);
    const { name } = result.module;
    const load: Step = {
      command: `insmod ${request.path} ${request.args}`.trim(),
      log: result.log,
      errno: result.errno,
      errnoName: result.errnoName,
      toolLine: result.insmod,
      result,
    };
    const users = system.modules.find(module => module.name === name)?.holders ?? [];
    const removed = system.rmmod(name);
    const remove: Step = {
      command: `rmmod ${name}`,
      ...removed,
      toolLine: rmmodLines(name, removed.errno, users).join('\n') || null,
      result: null,
    };
    all.push({ target, release: facts.release, steps: [load, remove], notes: [] });
  }
  return all;
}
