// Places where looking for a file mounts the disk of another machine (automount(8), autofs).
import { readTextIfReadable } from './files';

/** Where automounters are by custom, whether or not one runs: `/net/HOST` (auto.net) and its like. */
const BY_CUSTOM: readonly string[] = ['/net', '/misc', '/afs'];

/** Whether an absolute path lies below such a place. What is mounted there already counts, too: it may go away. */
export function isAutomounted(path: string, mounts = readTextIfReadable('/proc/self/mounts') ?? ''): boolean {
  return [...BY_CUSTOM, ...automountPoints(mounts)].some(point => path.startsWith(`${point}/`));
}

/** Mount points of type autofs, by /proc/mounts (proc(5)), where a space is written \\040. A direct one counts as well. */
function automountPoints(mounts: string): string[] {
  return mounts.split('\n').flatMap(line => {
    const [, point = '', type] = line.split(' ');
    // systemd waits at this one for the first program of another machine's format; nothing is far away.
    if (type !== 'autofs' || point.startsWith('/proc/')) return [];
    return [point.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))];
  });
}
