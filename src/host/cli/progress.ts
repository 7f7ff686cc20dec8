// How far a long command is: one line on a terminal, nothing where output is kept.

/** Milliseconds between two updates. */
const EVERY = 100;

export interface Progress {
  /** @param unit what is counted */
  readonly show: (phase: string, done: number, total: number, unit?: string) => void;
  readonly clear: () => void;
}

export function progressOn(stream: NodeJS.WriteStream): Progress {
  let shown = performance.now();
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show: (phase, done, total, unit = 'modules') => {
      if (performance.now() - shown < EVERY) return;
      shown = performance.now();
      stream.write(`\r\x1b[K${phase}: ${done} of ${total} ${unit}`);
    },
    clear: () => {
      stream.write('\r\x1b[K');
    },
  };
}
