// The edit that lets DKMS choose the kernel.

/** The MAKE line with one more argument; null where there is none. Lines count from 0. */
export function passKernel(conf: string, line: number, argument: string): string | null {
  const text = conf.split('\n')[line];
  const match =
    text === undefined ? null : /^(\s*MAKE(?:\[\d+\])?=)(?:"([^"]*)"|'([^']*)'|(\S+)(?!\S))(.*)$/.exec(text);
  if (!match) return null;
  const [, start = '', double, single, bare = '', rest = ''] = match;
  return `${start}"${double ?? single ?? bare} ${argument}"${rest}`;
}
