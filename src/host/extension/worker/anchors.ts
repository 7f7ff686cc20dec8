// Where findings go that no line of the source causes: MODULE_LICENSE, module_init, the Makefile.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { SourceLocation } from '../../../findings/types';
import { ReadableFiles } from '../../places/readableFiles';
import type { Anchors } from '../../../protocol/worker';

export function findAnchors(modulePath: string, sources: readonly string[]): Anchors {
  const files = new ReadableFiles(path.dirname(modulePath));
  let license: SourceLocation | null = null;
  let init: SourceLocation | null = null;
  for (const file of sources) {
    if (license && init) break;
    const text = files.readText(file) ?? '';
    license ??= locate(file, text, /^[ \t]*(MODULE_LICENSE)\s*\(/m);
    init ??= locate(file, text, /^[ \t]*(module_init|[a-z_]+_initcall(?:_sync)?|module_\w+_driver|builtin_\w+)\s*\(/m);
  }
  return { license, init, makefile: makefileLine(path.dirname(modulePath), files), firstSource: sources[0] ?? null };
}

/**
 * C files of a module whose debug info does not tell: kbuild lists the objects it is linked from in NAME.mod; without
 * that, the file of the module's name.
 */
export function sourcesOf(modulePath: string): string[] {
  const directory = path.dirname(modulePath);
  const stem = path.basename(modulePath).replace(/\.ko(?:\.\w+)?$/, '');
  const objects = (new ReadableFiles(directory).readText(path.join(directory, `${stem}.mod`)) ?? '')
    .split(/\s+/)
    .filter(word => word.endsWith('.o'))
    .map(word => path.basename(word).replace(/\.o$/, '.c'));
  const present = new Set(list(directory));
  const named = [...objects, `${stem}.c`, `${stem.replaceAll('-', '_')}.c`].filter(name => present.has(name));
  return [...new Set(named)].map(name => path.join(directory, name));
}

/** The line that names the kernel's build directory, else the one that names objects. */
function makefileLine(directory: string, files: ReadableFiles): SourceLocation | null {
  for (const name of ['Makefile', 'Kbuild', 'makefile']) {
    const file = path.join(directory, name);
    const text = files.readText(file) ?? '';
    const found =
      locate(file, text, /^[ \t]*((?:KDIR|KERNELDIR|KERNEL_SRC|KSRC|KERNEL_DIR|KERNEL)\s*[:?]?=)/m) ??
      locate(file, text, /^[ \t]*(obj-\S+\s*[:+]?=)/m);
    if (found) return found;
  }
  return null;
}

function locate(file: string, text: string, form: RegExp): SourceLocation | null {
  const match = form.exec(text);
  if (!match) return null;
  const at = match.index + match[0].indexOf(match[1] ?? '');
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { file, line, column: at - before.lastIndexOf('\n') };
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
