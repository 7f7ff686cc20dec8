// lzop(1), which kernels packed with LZO are packed with (scripts/Makefile.lib: cmd_lzo): no library for it is kept, free to use
// and without native code.
import { spawn } from 'node:child_process';
import { collector } from '../../formats/bytes/packed';

/** It ends like this when other data follows what it unpacked. */
const WITH_WARNING = 2;

/**
 * Unpacks the file at the start of `packed`, with the program; null where the program is missing, the file is damaged, or more than
 * `most` bytes come out.
 */
export function unlzop(packed: Uint8Array, most: number): Promise<Uint8Array | null> {
  return new Promise(resolve => {
    const child = spawn('lzop', ['--decompress', '--stdout'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const output = collector(most);
    child.on('error', () => resolve(null));
    child.stdout.on('data', (piece: Uint8Array) => {
      try {
        output.add(piece);
      } catch {
        child.kill();
      }
    });
    child.on('close', status => resolve(status === 0 || status === WITH_WARNING ? output.join() : null));
    // It reads no further than to the end of its file.
    child.stdin.on('error', () => undefined);
    child.stdin.end(packed);
  });
}
