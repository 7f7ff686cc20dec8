// A kernel by name, fetched because a person asked for it.
import { openTarget } from '../../../index';
import { setNamedSettings } from '../../node/named/settings';
import type { WorkerMethods } from '../../../protocol/worker';
import type { RunningRequest } from './running';

type Method = WorkerMethods['fetchKernel'];

export async function fetchKernel(
  { name, mirror }: Method['params'],
  { signal, tell }: RunningRequest,
): Promise<Method['result']> {
  const warnings: string[] = [];
  setNamedSettings({
    mirror,
    signal,
    offline: false,
    warn: line => warnings.push(line),
    listener: (file, done, total) => tell({ kind: 'download', file, done, total }),
  });
  try {
    const { release } = await openTarget(name);
    return { release, warnings };
  } finally {
    setNamedSettings({ offline: true, signal: null });
  }
}
