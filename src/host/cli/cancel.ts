// Work that Ctrl-C ends in good order: virtual machines and temporary files are gone when the process is.

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Calls `work` with a signal that is aborted when the process is asked to end. */
export async function withCancel<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const cancel = new AbortController();
  const stop = (): void => cancel.abort();
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    return await work(cancel.signal);
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, stop);
  }
}
