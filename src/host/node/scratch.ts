// A directory for temporary files.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Calls `use` with a new, empty directory and removes it afterwards, also after an error. */
export async function withScratch<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Signals that end the process. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** As {@link withScratch}, and the directory is also removed when a signal ends the process. */
export async function withScratchUntilSignal<T>(use: (directory: string) => Promise<T>): Promise<T> {
  return withScratch(async directory => {
    const end = (signal: NodeJS.Signals): void => {
      rmSync(directory, { recursive: true, force: true });
      // With the handler gone the signal has its usual effect.
      for (const each of SIGNALS) process.off(each, end);
      process.kill(process.pid, signal);
    };
    for (const signal of SIGNALS) process.on(signal, end);
    try {
      return await use(directory);
    } finally {
      for (const signal of SIGNALS) process.off(signal, end);
    }
  });
}
