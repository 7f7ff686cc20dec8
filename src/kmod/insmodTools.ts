// The insmod of each user space: how it joins arguments, which calls it makes, and what it says.
// Sources: kmod tools/insmod.c and libkmod-module.c, BusyBox modutils/modutils.c and insmod.c, toybox toys/other/insmod.c.
import type { Compression } from '../linux/features';
import { ENOENT, ENOEXEC, ENOSYS, ESRCH, strerror } from '../linux/errno';
import type { Syscall } from '../linux/kernel/module/loadOptions';
import { insmodLine } from './insmodLine';

/** One call of the tool; the next is made when it fails. */
export interface Attempt {
  readonly syscall: Syscall;
  /** MODULE_INIT_COMPRESSED_FILE */
  readonly compressedFile: boolean;
  /** Whether the kernel gets the file as it is on the disk, or unpacked by the tool. */
  readonly asItIs: boolean;
}

export interface InsmodTool {
  readonly name: string;
  /** The string the kernel gets; arguments as byte strings. */
  joinArguments(args: readonly string[]): string;
  /**
   * @param packed how the file is compressed
   * @param unpacks what the kernel unpacks itself
   */
  attempts(packed: Compression | null, unpacks: Compression | null): readonly Attempt[];
  /** What it prints for an errno of the last call. */
  line(path: string, errno: number): string;
  /** Its exit status then. */
  status(errno: number): number;
}

const PLAIN: Attempt = { syscall: 'finit_module', compressedFile: false, asItIs: true };
const PACKED: Attempt = { syscall: 'finit_module', compressedFile: true, asItIs: true };
const FROM_MEMORY: Attempt = { syscall: 'init_module', compressedFile: false, asItIs: false };

const kmod: InsmodTool = {
  name: 'kmod',
  joinArguments: args => args.map(quoted).join(' '),
  attempts: (packed, unpacks) => {
    if (packed === null) return [PLAIN];
    return [packed === unpacks ? PACKED : FROM_MEMORY];
  },
  line: insmodLine,
  status: () => 1,
};

/** Up to kmod 30: no quotes, and files are always unpacked by the library. */
const kmod30: InsmodTool = {
  ...kmod,
  name: 'kmod-30',
  joinArguments: args => args.join(' '),
  attempts: packed => [packed === null ? PLAIN : FROM_MEMORY],
};

const MODERROR: Readonly<Record<number, string>> = {
  [ENOEXEC]: 'invalid module format',
  [ENOENT]: 'unknown symbol in module, or unknown parameter',
  [ESRCH]: 'module has wrong symbol version',
  [ENOSYS]: 'kernel does not support requested operation',
};

/** Whatever the first call answers, it reads the file and tries init_module: the kernel says everything twice. */
const busybox: InsmodTool = {
  name: 'busybox',
  joinArguments: args => args.map(argument => `${argument} `).join(''),
  attempts: packed => [...(packed === null ? [] : [PACKED]), PLAIN, FROM_MEMORY],
  line: (path, errno) => `insmod: can't insert '${path}': ${MODERROR[errno] ?? strerror(errno)}`,
  status: errno => errno,
};

/** Knows nothing of compressed files. */
const toybox: InsmodTool = {
  name: 'toybox',
  joinArguments: args => args.map(argument => `${argument} `).join(''),
  attempts: () => [PLAIN],
  line: (path, errno) => `insmod: failed to load ${path}: ${strerror(errno)}`,
  status: () => 1,
};

/** By the names that --tool takes; kmod is the default. */
export const INSMOD_TOOLS = { kmod, 'kmod-30': kmod30, busybox, toybox } as const satisfies Record<string, InsmodTool>;

export type InsmodToolName = keyof typeof INSMOD_TOOLS;

/** A value with a space in it gets double quotes, unless it has quotes already. */
function quoted(argument: string): string {
  const equals = argument.indexOf('=');
  if (equals < 0) return argument;
  const value = argument.slice(equals + 1);
  if (!value.includes(' ') || /^["']/.test(value)) return argument;
  return `${argument.slice(0, equals)}="${value}"`;
}
