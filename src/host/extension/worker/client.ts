// The host's side of the worker: requests with ids, cancelling, and a new worker when one dies.
import { startProcess, startThread, type RunningWorker } from './start';
import { note, noteText, ReasonedError, reasonOf, type Note } from '../../../findings/notes';
import type { Bundle } from '../../../findings/words';
import { Cancelled } from '../../services/cancelled';
import type { FromWorker, Method, WorkerEvent, WorkerMethods } from '../../../protocol/worker';

export interface WorkerClientOptions {
  /** The bundled worker. */
  readonly script: string;
  /** Translations for the texts it makes; none for English. */
  readonly words?: Bundle | undefined;
  /** Folders of the workspace: what a module names is read nowhere else. */
  readonly folders: () => readonly string[];
  readonly onEvent: (event: WorkerEvent) => void;
  /** One line for the log. */
  readonly log: (line: string) => void;
  /** A process and its children end when the editor ends, also when it crashes. */
  readonly kind?: 'thread' | 'process';
}

/** Starts the worker with the first request. */
export class WorkerClient {
  private worker: RunningWorker | null = null;
  private lastId = 0;
  /** In the order sent; the worker runs one at a time. */
  private readonly pending = new Map<number, Pending>();
  private lastWatch: WorkerMethods['watch']['params'] | null = null;
  private disposed = false;

  constructor(private readonly options: WorkerClientOptions) {}

  /** Rejects with {@link Cancelled} once `signal` is aborted, with an Error when the worker died of this request. */
  request<M extends Method>(
    method: M,
    params: WorkerMethods[M]['params'],
    signal?: AbortSignal,
  ): Promise<WorkerMethods[M]['result']> {
    if (this.disposed || signal?.aborted) return Promise.reject(new Cancelled());
    if (method === 'watch') this.lastWatch = params as WorkerMethods['watch']['params'];
    return new Promise<unknown>((resolve, reject) => {
      const id = ++this.lastId;
      const onAbort = (): void => {
        if (!this.pending.delete(id)) return;
        this.worker?.send({ kind: 'cancel', id });
        reject(new Cancelled());
      };
      const done = (): void => signal?.removeEventListener('abort', onAbort);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.pending.set(id, { method, params, resolve, reject, done });
      this.send(id, method, params);
    }) as Promise<WorkerMethods[M]['result']>;
  }

  dispose(): void {
    this.disposed = true;
    const { worker } = this;
    this.worker = null;
    worker?.end();
    for (const { reject } of this.pending.values()) reject(new Cancelled());
    this.pending.clear();
  }

  private send(id: number, method: Method, params: unknown): void {
    this.worker ??= this.start();
    this.worker.send({ kind: 'request', id, method, params, folders: this.options.folders() });
  }

  private start(): RunningWorker {
    const { script, words, kind = 'thread' } = this.options;
    let reason: Note | null = null;
    const worker: RunningWorker = (kind === 'thread' ? startThread : startProcess)(script, words, {
      message: message => this.receive(message),
      error: error => (reason = reasonOf(error)),
      exit: code => this.onExit(worker, reason ?? note('exit-status', { status: code })),
    });
    return worker;
  }

  private receive(message: FromWorker): void {
    if (message.kind !== 'answer') return this.options.onEvent(message);
    const pending = this.pending.get(message.id);
    if (!pending) return;
    this.pending.delete(message.id);
    pending.done();
    if (message.ok) pending.resolve(message.value);
    else pending.reject(new ReasonedError(message.reason));
  }

  /** The request that was running is taken for the cause and given up; the others go to a new worker. */
  private onExit(worker: RunningWorker, reason: Note): void {
    if (this.worker !== worker) return;
    this.worker = null;
    const [cause, ...others] = this.pending;
    this.options.log(
      `the worker stopped (${noteText(reason)}) while it ran ${cause?.[1].method ?? 'nothing'}; starting another`,
    );
    if (cause) {
      this.pending.delete(cause[0]);
      cause[1].done();
      cause[1].reject(new ReasonedError(note('analysis-stopped', { reason })));
    }
    for (const [id, { method, params }] of others) this.send(id, method, params);
    if (this.lastWatch && cause?.[1].method !== 'watch')
      void this.request('watch', this.lastWatch).catch(() => undefined);
  }
}

interface Pending {
  readonly method: Method;
  readonly params: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly done: () => void;
}
