// Edits that quick fixes make, as text and line; the editor applies them.
import path from 'node:path';
import type { TargetTraits } from '../../../protocol/worker';

/** Text to insert before a line, counted from 0. */
export interface Insertion {
  readonly line: number;
  readonly text: string;
}

/** MODULE_LICENSE("GPL"); after the last line of module macros, else at the end. */
export function addLicense(source: string): Insertion {
  return { line: afterModuleMacros(source), text: 'MODULE_LICENSE("GPL");\n' };
}

/**
 * MODULE_IMPORT_NS for each namespace, in the spelling the targets' headers want: a bare word before 6.13, a string from
 * then on, and both behind a version check when targets differ.
 */
export function importNamespaces(
  source: string,
  namespaces: readonly string[],
  traits: readonly TargetTraits[],
): Insertion {
  const spellings = new Set(traits.map(target => target.namespaceIsString));
  const word = namespaces.map(name => `MODULE_IMPORT_NS(${name});\n`).join('');
  const string = namespaces.map(name => `MODULE_IMPORT_NS("${name}");\n`).join('');
  const line = afterModuleMacros(source);
  if (spellings.size < 2) return { line, text: spellings.has(true) ? string : word };
  const guarded = `#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)\n${string}#else\n${word}#endif\n`;
  return { line, text: guarded };
}

/** Whether the guarded form needs #include <linux/version.h>, and where it would go. */
export function versionHeader(source: string, traits: readonly TargetTraits[]): Insertion | null {
  const differ = new Set(traits.map(target => target.namespaceIsString)).size > 1;
  if (!differ || /#\s*include\s*<linux\/version\.h>/.test(source)) return null;
  const lines = source.split('\n');
  const last = lines.findLastIndex(line => /^\s*#\s*include\s*</.test(line));
  return { line: last + 1, text: '#include <linux/version.h>\n' };
}

/** KBUILD_EXTRA_SYMBOLS with one more Module.symvers, before the first rule or obj-m line. */
export function addExtraSymbols(makefile: string, symvers: string): Insertion {
  const lines = makefile.split('\n');
  const obj = lines.findIndex(line => /^\s*obj-[my]\s*[:+]?=/.test(line));
  return { line: obj < 0 ? 0 : obj, text: `KBUILD_EXTRA_SYMBOLS += ${symvers}\n` };
}

/**
 * Whether a Makefile names a file in KBUILD_EXTRA_SYMBOLS, in whatever spelling.
 *
 * @param directory of the Makefile; paths in it begin there, as do $(src), $(M), $(PWD) and $(CURDIR)
 */
export function namesExtraSymbols(makefile: string, directory: string, symvers: string): boolean {
  const variables = new Map<string, string>();
  for (const name of ['src', 'obj', 'M', 'PWD', 'CURDIR', 'shell pwd']) variables.set(name, directory);
  const extra: string[] = [];
  const text = makefile.replace(/\\\n/g, ' ').replace(/#.*/g, '');
  for (const [, name = '', value = ''] of text.matchAll(/(?:^|\s)([A-Za-z_]\w*)\s*[:+?]?=(.*)$/gm))
    if (name === 'KBUILD_EXTRA_SYMBOLS') extra.push(value);
    else variables.set(name, value.trim());
  const words = extra.flatMap(value => expand(value, variables).split(/\s+/)).filter(word => word !== '');
  return words.some(word => path.resolve(directory, word) === symvers);
}

/** Variables may be made of others, a few deep. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  let expanded = text;
  for (let depth = 0; depth < 5; depth++)
    expanded = expanded.replace(
      /\$[({](?:wildcard |abspath |realpath )?([\w ]+)[)}]/g,
      (all, name: string) => variables.get(name.trim()) ?? all,
    );
  return expanded.replace(/\$\((?:wildcard|abspath|realpath) ([^)]*)\)/g, '$1');
}

/** A namespace reserved to named modules cannot be imported. */
export function isImportable(namespace: string): boolean {
  return !namespace.startsWith('module:');
}

function afterModuleMacros(source: string): number {
  const lines = source.split('\n');
  const macro = /^\s*MODULE_(?:LICENSE|AUTHOR|DESCRIPTION|VERSION|ALIAS|IMPORT_NS|INFO|SOFTDEP)\s*\(/;
  const last = lines.findLastIndex(line => macro.test(line));
  if (last >= 0) {
    // The macro may go on over several lines.
    const end = lines.findIndex((line, i) => i >= last && line.includes(';'));
    return (end < 0 ? last : end) + 1;
  }
  return lines.at(-1) === '' ? lines.length - 1 : lines.length;
}
