// Takes all that a stream unpacks, wherever it runs.
import type { Collector } from '../../formats/bytes/packed';

/**
 * Reads the stream to its end. `between` is waited for after each piece. Throws what the stream or the collector does;
 * the stream is told that nobody reads on: it would go on unpacking, or keep a decoder that all streams share.
 */
export async function drain(
  stream: ReadableStream<Uint8Array>,
  output: Collector,
  between?: () => Promise<void>,
): Promise<void> {
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      output.add(part.value);
      await between?.();
    }
  } catch (error) {
    // What it has to say of being stopped is of no interest.
    void reader.cancel().catch(() => undefined);
    throw error;
  }
}
