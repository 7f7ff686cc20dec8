// The page's side of the conversation with the extension: requests with their answers, events, and state that survives.
import * as v from 'valibot';
import type { FromView, ToView, ViewMethod, ViewMethods } from '../src/protocol/view';
import { answerSchemas } from '../src/protocol/viewAnswers';
import { toViewSchema } from '../src/protocol/viewMessages';

interface VsCodeApi {
  postMessage(message: FromView): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What the extension tells without being asked. */
export type HostEvent = Exclude<ToView, { kind: 'answer' }>;

/** Values that are kept from one opening of the page to the next. */
export type Kept = string | number | boolean | null | readonly Kept[] | { readonly [key: string]: Kept };

export class Host {
  private readonly api = acquireVsCodeApi();
  private readonly pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  /** Answers that were asked for before anybody needed them, by method and parameters. */
  private readonly early = new Map<string, Promise<unknown>>();
  private readonly listeners = new Set<(event: HostEvent) => void>();
  private lastId = 0;
  private state: Readonly<Record<string, Kept>>;

  constructor() {
    const state = this.api.getState();
    this.state = typeof state === 'object' && state !== null ? (state as Record<string, Kept>) : {};
    window.addEventListener('message', event => this.receive(event.data));
  }

  /** Asks for what will be asked for soon: the next such request takes this answer. */
  prepare<M extends ViewMethod>(method: M, params: ViewMethods[M]['params']): void {
    const answer = this.request(method, params);
    // Whoever takes it hears of its failure; nobody has to.
    answer.catch(() => undefined);
    this.early.set(JSON.stringify([method, params]), answer);
  }

  /** Rejects with the extension's reason, or when the answer is not what it should be. */
  async request<M extends ViewMethod>(method: M, params: ViewMethods[M]['params']): Promise<ViewMethods[M]['result']> {
    const key = JSON.stringify([method, params]);
    const early = this.early.get(key);
    if (early) {
      this.early.delete(key);
      return early as Promise<ViewMethods[M]['result']>;
    }
    const id = ++this.lastId;
    const answer = await new Promise<unknown>((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.api.postMessage({ kind: 'request', id, method, params });
    });
    const parsed = v.safeParse(answerSchemas[method], answer);
    if (!parsed.success) throw new Error(`the answer to ${method} was not understood: ${v.summarize(parsed.issues)}`);
    return parsed.output as ViewMethods[M]['result'];
  }

  send(message: Exclude<FromView, { kind: 'request' }>): void {
    this.api.postMessage(message);
  }

  /** Returns what ends the listening. */
  listen(listener: (event: HostEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The value kept under a name, if it is of the kind of `otherwise`; else that. */
  recall<T extends Kept>(key: string, otherwise: T): T {
    const value = this.state[key];
    return value !== undefined && typeof value === typeof otherwise && Array.isArray(value) === Array.isArray(otherwise)
      ? (value as T)
      : otherwise;
  }

  keep(key: string, value: Kept): void {
    this.state = { ...this.state, [key]: value };
    this.api.setState(this.state);
  }

  private receive(message: unknown): void {
    const parsed = v.safeParse(toViewSchema, message);
    // Whatever else is posted to this window is not for us.
    if (!parsed.success) return;
    const { output } = parsed;
    if (output.kind !== 'answer') {
      if (output.kind === 'changed') this.early.clear();
      for (const listener of this.listeners) listener(output);
      return;
    }
    const waiting = this.pending.get(output.id);
    this.pending.delete(output.id);
    if (output.ok) waiting?.resolve(output.value);
    else waiting?.reject(new Error(output.reason));
  }
}
