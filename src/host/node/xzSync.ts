// xz without waiting: the decoder can only be called asynchronously, so it runs in a worker while this thread sleeps.
import { note } from '../../findings/notes';
import { MessageChannel, Worker, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import library from 'xz-decompress/dist/package/xz-decompress.min.js' with { type: 'text' };
import type { Decompressed } from '../../target/types';

export interface XzLimits {
  /** of output */
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Unpacks the first stream. `failed` carries the library's code: enum xz_ret. Never throws. */
export function unxzSync(packed: Uint8Array, limits: XzLimits): Decompressed {
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `${library};\n(${unpack.toString()})(module.exports, require('node:worker_threads').workerData)`,
    {
      eval: true,
      workerData: { packed, limit: limits.bytes, port: port2, done } satisfies Job,
      transferList: [port2],
    },
  );
  // A worker that cannot start says so when this thread is awake again; nobody waits for it then.
  worker.on('error', () => undefined);
  const waited = Atomics.wait(done, 0, 0, limits.milliseconds);
  const message: unknown = receiveMessageOnPort(port1)?.message;
  port1.close();
  void worker.terminate();
  if (waited === 'timed-out' || message === undefined)
    return { kind: 'unknown', reason: note('unpacking-takes-long', { seconds: limits.milliseconds / 1000 }) };
  return answer(message as WorkerMessage, limits.bytes);
}

interface Job {
  readonly packed: Uint8Array;
  readonly limit: number;
  readonly port: MessagePort;
  readonly done: Int32Array<SharedArrayBuffer>;
}

interface WorkerMessage {
  readonly bytes?: Uint8Array;
  readonly tooLarge?: boolean;
  readonly error?: string;
}

function answer({ bytes, tooLarge, error }: WorkerMessage, limit: number): Decompressed {
  if (bytes) return { kind: 'unpacked', bytes };
  if (tooLarge) return { kind: 'unknown', reason: note('unpacks-to-more', { bytes: limit }) };
  const status = /error code (\d+)$/.exec(error ?? '')?.[1];
  return status === undefined
    ? { kind: 'unknown', reason: note('decoder-says', { text: error ?? 'nothing' }) }
    : { kind: 'failed', status: Number(status) };
}

/** Runs in the worker, from its own text: it must not name anything of this file. */
async function unpack(
  { XzReadableStream }: { XzReadableStream: new (source: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array> },
  { packed, limit, port, done }: Job,
): Promise<void> {
  const pieces: Uint8Array[] = [];
  let message: WorkerMessage = {};
  try {
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(packed);
        controller.close();
      },
    });
    const reader = new XzReadableStream(source).getReader();
    let total = 0;
    for (let part = await reader.read(); !part.done && total <= limit; part = await reader.read()) {
      total += part.value.length;
      pieces.push(part.value);
    }
    message = total > limit ? { tooLarge: true } : { bytes: Buffer.concat(pieces) };
  } catch (error) {
    message = { error: String((error as Error).message) };
  }
  port.postMessage(message);
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
}
