// Starts the worker as a thread or as a child process.
import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import type { Bundle } from '../../../findings/words';
import type { FromWorker, ToWorker } from '../../../protocol/worker';

/** A worker that was started. */
export interface RunningWorker {
  send(message: ToWorker): void;
  /** Ends it; nothing is heard of it any more. */
  end(): void;
}

export interface Heard {
  readonly message: (message: FromWorker) => void;
  readonly error: (error: unknown) => void;
  readonly exit: (code: number) => void;
}

export function startThread(script: string, words: Bundle | undefined, heard: Heard): RunningWorker {
  const worker = new Worker(script, { name: 'insmod-lens', workerData: { words } });
  worker.on('message', heard.message);
  worker.on('error', heard.error);
  worker.on('exit', heard.exit);
  return { send: message => worker.postMessage(message), end: () => void worker.terminate() };
}

/** The process ends itself when its channel is closed, and before that what it has started. */
export function startProcess(script: string, words: Bundle | undefined, heard: Heard): RunningWorker {
  const child = fork(script, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Those of the editor's own process, such as a debugger's port, are not meant for this one.
    execArgv: [],
  });
  const send = (message: ToWorker): void => {
    if (child.connected) child.send(message);
  };
  child.on('message', message => heard.message(message as FromWorker));
  child.on('error', heard.error);
  child.on('exit', code => heard.exit(code ?? 1));
  send({ kind: 'words', words });
  return {
    send,
    end: () => {
      child.removeAllListeners();
      child.on('error', () => undefined);
      if (child.connected) child.disconnect();
    },
  };
}
