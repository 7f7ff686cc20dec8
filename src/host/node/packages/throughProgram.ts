// A stream through a program that unpacks it, apart from what chooses the program.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export type Bytes = AsyncIterable<Uint8Array>;

/**
 * Many times faster than a library. It ends with this process: its input does. Throws when the status of the program is none of
 * `good`.
 */
export async function* throughProgram(packed: Readable, program: string, good: readonly number[] = [0]): Bytes {
  const child = spawn(program, ['--decompress', '--stdout'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>(resolve => {
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
  // An error on either side shows in the exit status.
  child.stdin.on('error', () => packed.destroy());
  packed.on('error', () => child.kill());
  packed.pipe(child.stdin);
  try {
    yield* child.stdout;
    const status = await ended;
    if (status === null || !good.includes(status)) throw new Error(`${program} could not unpack it`);
  } finally {
    child.kill();
    packed.destroy();
  }
}
