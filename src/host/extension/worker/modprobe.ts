// modprobe on each target: what the module depends on first, found beside it or among the target's own modules.
import { note } from '../../../findings/notes';
import { decodeUtf8 } from '../../../formats/bytes/strings';
import { insertModule, modprobeLine } from '../../../kmod/insert';
import { System } from '../../../index';
import { lookupBuilt } from '../../node/modprobe/builtLookup';
import { simulationOn, type SimulatedStep } from '../../node/modprobe/simulation';
import { modulesDirectory, openChoice } from '../../node/openChoice';
import type { TargetChoice } from '../../../protocol/analysis';
import type { Step, TargetSteps, WorkerMethods } from '../../../protocol/worker';
import { withTargets } from './withTargets';

type Request = WorkerMethods['modprobe']['params'];

export async function modprobe(request: Request): Promise<TargetSteps[]> {
  const all: TargetSteps[] = [];
  for (const target of withTargets(request).targets) all.push(await onTarget(request, target));
  return all;
}

async function onTarget(request: Request, target: TargetChoice): Promise<TargetSteps> {
  const facts = await openChoice(target);
  const { path, loaded, known, args, cmdline } = request;
  const { lookup, module, missing } = await lookupBuilt({
    path,
    near: [path, ...loaded],
    known,
    modules: modulesDirectory(target),
  });
  const steps: Step[] = [];
  const machine = simulationOn(new System(facts, { cmdline }), {
    insertFlags: 0,
    removeFlags: 0,
    tell: step => steps.push(shown(step)),
    complain: () => false,
  });
  const parameters = Buffer.from(args).toString('latin1');
  const options = { ignoreCommands: false, ignoreLoaded: false, failOnLoaded: false, useBlacklist: false, parameters };
  const errno = await insertModule(lookup, module, options, machine);
  const last = steps.pop();
  // modprobe has one line for the module it was asked for, whichever of its needs was refused.
  if (last) steps.push({ ...last, toolLine: errno === 0 ? null : decodeUtf8(modprobeLine(module.name, errno)) });
  const notes = missing.map(each =>
    note('provider-not-found', { module: decodeUtf8(each.module), needed: decodeUtf8(each.needed) }),
  );
  return { target, release: facts.release, steps, notes };
}

function shown({ action, module, path, text, log, errno, errnoName, result }: SimulatedStep): Step {
  return {
    command: `${action} ${path ?? module} ${text}`.trim(),
    log,
    errno,
    errnoName,
    toolLine: null,
    result,
  };
}
