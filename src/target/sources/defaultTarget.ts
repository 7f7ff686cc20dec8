// Which kernel a module is meant for when nobody says so: the one it was built against.
import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDirectory, isThere, readTextIfReadable } from '../../host/node/files';

/** The build directory that .cmd files or the Makefile beside a module name, else that of the running kernel. */
export function defaultTarget(modulePath: string | null): string {
  const running = `/lib/modules/${os.release()}/build`;
  if (modulePath === null) return running;
  const directory = path.dirname(path.resolve(modulePath));
  return fromCmdFiles(directory) ?? fromMakefile(directory) ?? running;
}

/** What kbuild and people write is smaller, in bytes. */
const MOST_TEXT = 1 << 20;

/** kbuild writes the headers each object was built from into .NAME.o.cmd; one of them lies in the build directory. */
function fromCmdFiles(directory: string): string | null {
  for (const name of safeList(directory)) {
    if (!name.startsWith('.') || !name.endsWith('.cmd')) continue;
    const text = readTextIfReadable(path.join(directory, name), MOST_TEXT);
    if (text === null) continue;
    for (const match of text.matchAll(/(\/[^\s:()'"]+?)\/include\/(?:generated|config)\//g)) {
      const candidate = match[1];
      if (candidate !== undefined && isBuildDirectory(candidate)) return candidate;
    }
    for (const match of text.matchAll(/(\/[^\s:()'"]*\/linux-headers-[^\s/:()'"]+?)-common\//g)) {
      const flavour = match[1] === undefined ? null : flavourOf(match[1]);
      if (flavour !== null) return flavour;
    }
  }
  return null;
}

/** Debian splits headers in two: what is common, and a build directory for each flavour beside it. */
function flavourOf(prefix: string): string | null {
  const siblings = safeList(path.dirname(prefix)).filter(
    name => name.startsWith(`${path.basename(prefix)}-`) && !name.endsWith('-common'),
  );
  const found = siblings.map(name => path.join(path.dirname(prefix), name)).filter(isBuildDirectory);
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** `KDIR ?= /lib/modules/$(shell uname -r)/build` and `make -C DIR`, the two usual spellings. */
function fromMakefile(directory: string): string | null {
  for (const name of ['Makefile', 'Kbuild', 'makefile']) {
    const text = readTextIfReadable(path.join(directory, name), MOST_TEXT);
    if (text === null) continue;
    const named = text.matchAll(/^\s*(?:export\s+)?\w+\s*[:?]?=\s*(\/\S*(?:\$\(shell uname -r\))?\S*)/gm);
    const called = text.matchAll(/-C\s+(\/\S*(?:\$\(shell uname -r\)|\$\$\(uname -r\))?\S*)/g);
    for (const match of [...named, ...called]) {
      const candidate = (match[1] ?? '').replace(/\$\(shell uname -r\)|\$\$\(uname -r\)|`uname -r`/g, os.release());
      if (isBuildDirectory(candidate)) return candidate;
    }
  }
  return null;
}

function isBuildDirectory(directory: string): boolean {
  // Two slashes name another machine where that is how files of others are reached.
  return !directory.startsWith('//') && isDirectory(directory) && isThere(path.join(directory, 'include', 'generated'));
}

function safeList(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
