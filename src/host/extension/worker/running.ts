// A request that is under way.
import type { WorkerEvent } from '../../../protocol/worker';

/** What a method that runs for long is given besides its parameters. */
export interface RunningRequest {
  /** Aborted when the request is cancelled. */
  readonly signal: AbortSignal;
  readonly tell: (event: WorkerEvent) => void;
}
