// What kmod's tools print on stderr (tools/insmod.c, tools/rmmod.c).
import { EINVAL, ENOENT, ENOEXEC, ESRCH, strerror } from '../linux/errno';

/** Where insmod has words of its own instead of the C library's. */
export const SPECIAL_TEXTS: Readonly<Record<number, string>> = {
  [ENOENT]: 'Unknown symbol in module',
  [ESRCH]: 'Module has wrong symbol version',
  [ENOEXEC]: 'Invalid module format',
  [EINVAL]: 'Invalid parameters',
};

/** insmod's line for an errno the kernel returned. */
export function insmodLine(path: string, errno: number): string {
  return `insmod: ERROR: could not insert module ${path}: ${SPECIAL_TEXTS[errno] ?? strerror(errno)}`;
}

/** rmmod's lines: it looks at /sys/module itself before it asks the kernel. */
export function rmmodLines(name: string, errno: number, users: readonly string[]): string[] {
  if (errno === 0) return [];
  if (errno === ENOENT) return [`rmmod: ERROR: Module ${name} is not currently loaded`];
  if (users.length > 0) return [`rmmod: ERROR: Module ${name} is in use by: ${users.join(' ')}`];
  return [
    `rmmod: ERROR: could not remove '${name}': ${strerror(errno)}`,
    `rmmod: ERROR: could not remove module ${name}: ${strerror(errno)}`,
  ];
}
