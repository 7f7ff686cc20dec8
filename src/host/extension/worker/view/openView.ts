// A module as its document shows it: read once, walked through once for each target.
import { note, type Note } from '../../../../findings/notes';
import { stampOfStat, statIfThere } from '../../../node/files';
import type { TracedLoad } from '../../../../report/view/tracedLoad';
import { readStable, type OpenModule } from '../../../node/analyse';
import { openEach } from '../../../services/reportParts';
import { openChoice, prepareFor } from '../../../node/openChoice';
import { InputError } from '../../../../index';
import type { TargetChoice } from '../../../../protocol/analysis';
import type { ViewRequest } from '../../../../protocol/view';
import { withTargets } from '../withTargets';

export interface OpenView {
  readonly stamp: string;
  readonly fileSize: number;
  /** Null with the reason in `failure`. */
  readonly file: OpenModule | null;
  readonly failure: Note | null;
  /** Targets that could be opened, in the order asked for. */
  readonly targets: readonly TargetChoice[];
  readonly missingTargets: readonly { readonly path: string; readonly reason: Note }[];
  /** Throws {@link InputError} for a number that stands for no target. */
  walk(target: number): Promise<TracedLoad>;
}

/** Walks kept at a time: each holds the memory of a module twice. */
const WALKS = 6;

let last: { readonly key: string; readonly view: Promise<OpenView> } | null = null;

/** The view of a request; the last one is kept until the file or the request changes. Never throws. */
export function openView(request: ViewRequest): Promise<OpenView> {
  const stat = statIfThere(request.path);
  const stamp = stat ? stampOfStat(stat) : 'absent';
  const key = JSON.stringify([request, stamp]);
  if (last?.key !== key) last = { key, view: open(withTargets(request), stamp, stat?.size ?? 0) };
  return last.view;
}

async function open(request: ViewRequest, stamp: string, fileSize: number): Promise<OpenView> {
  const read = await readStable(request.path);
  const { opened, missingTargets } = await openEach(request.targets, openChoice);
  const targets = opened.map(({ choice }) => choice);
  const file = 'kind' in read ? null : read;
  const walks = new Map<number, TracedLoad>();
  const walk = async (target: number): Promise<TracedLoad> => {
    const known = walks.get(target);
    if (known) return known;
    const choice = targets[target];
    if (!choice || !file) throw new InputError(request.path, note('not-shown-for-kernel'));
    const { system } = await prepareFor(request, choice, request.withNeeds ? file.object : null);
    const traced = system.trace(file, request.args);
    for (const oldest of walks.keys()) {
      if (walks.size < WALKS) break;
      walks.delete(oldest);
    }
    walks.set(target, traced);
    return traced;
  };
  return { stamp, fileSize, file, failure: 'kind' in read ? read.reason : null, targets, missingTargets, walk };
}
