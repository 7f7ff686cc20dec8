// What dkms.conf asks for (dkms(8)) held against the Makefile beside it.
import { describe } from '../findings/all';
import { dkmsKernel } from '../findings/dkmsKernel';
import { dkmsModule } from '../findings/dkmsModule';
import type { Finding, FindingDefinition } from '../findings/types';

/** The text of a directory that DKMS builds, and the names of its files as they shall be shown. */
export interface DkmsSources {
  readonly conf: string;
  readonly confFile: string;
  /** Makefile and Kbuild, in whatever order; none where DKMS has nothing to run. */
  readonly makefiles: readonly string[];
}

interface Directive {
  readonly name: string;
  readonly index: number;
  readonly value: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** What is wrong, at lines of dkms.conf. */
export function dkmsFindings({ conf, confFile, makefiles }: DkmsSources): Finding[] {
  const directives = parseConf(conf);
  const found: Finding[] = [];
  function report<Facts>(definition: FindingDefinition<Facts>, facts: Facts, { line, column }: Directive): void {
    found.push({ ...describe({ definition, facts }, 'dkms'), locations: [{ file: confFile, line, column }] });
  }
  const argument = kernelArgument(makefiles);
  for (const directive of directives.filter(({ name }) => name === 'MAKE')) {
    // Whoever names one of these knows what DKMS is for.
    if (argument === null || /kernelver|kernel_source_dir/.test(directive.value)) continue;
    report(dkmsKernel, { make: directive.value, argument }, directive);
  }
  const built = builtModules(makefiles);
  if (built === null) return found;
  for (const directive of directives.filter(({ name }) => name === 'BUILT_MODULE_NAME')) {
    const module = directive.value.replace(/\$(?:\{PACKAGE_NAME\}|PACKAGE_NAME)/g, valueOf(directives, 'PACKAGE_NAME'));
    if (module === '' || module.includes('$') || built.includes(module)) continue;
    report(dkmsModule, { module, built }, directive);
  }
  return found;
}

/** `NAME="value"` or `NAME[0]="value"`: dkms.conf is read by a shell, and written like this. */
function parseConf(conf: string): Directive[] {
  const found: Directive[] = [];
  for (const [i, text] of conf.split('\n').entries()) {
    const match = /^(\s*)([A-Z_]+)(?:\[(\d+)\])?=(?:"([^"]*)"|'([^']*)'|(\S*))/.exec(text);
    if (!match) continue;
    const [, indent = '', name = '', index = '0', double, single, bare = ''] = match;
    found.push({
      name,
      index: Number(index),
      value: double ?? single ?? bare,
      line: i + 1,
      column: indent.length + 1,
    });
  }
  return found;
}

const valueOf = (directives: readonly Directive[], wanted: string): string =>
  directives.find(({ name }) => name === wanted)?.value ?? '';

/**
 * What has to be passed to make so that it does not ask for the running kernel; null where it does not. DKMS itself passes
 * KERNELRELEASE, which a Makefile may use instead.
 */
function kernelArgument(makefiles: readonly string[]): string | null {
  for (const makefile of makefiles)
    for (const [, name = '', value = ''] of makefile.matchAll(/^\s*(?:export\s+)?(\w+)\s*[:?]?=\s*(.*)$/gm)) {
      if (!/\$\(shell uname -r\)|`uname -r`/.test(value) || name === 'KERNELRELEASE') continue;
      return value.includes('/') ? `${name}=\${kernel_source_dir}` : `${name}=\${kernelver}`;
    }
  const calls = makefiles.some(makefile => /-C\s+\S*\$(?:\$\(uname -r\)|\(shell uname -r\))/.test(makefile));
  // No variable to pass: the Makefile has to be given one first.
  return calls ? 'KDIR=${kernel_source_dir}' : null;
}

/** Modules that obj-m lists; null where a Makefile computes them. */
function builtModules(makefiles: readonly string[]): string[] | null {
  const found: string[] = [];
  for (const makefile of makefiles)
    for (const [, list = ''] of makefile.replaceAll('\\\n', ' ').matchAll(/^\s*obj-\S+\s*[:+]?=\s*([^#\n]*)/gm)) {
      for (const word of list.split(/\s+/)) {
        if (word.includes('$') || word.endsWith('/')) return null;
        if (word.endsWith('.o')) found.push(word.slice(0, -2));
      }
    }
  return found.length === 0 ? null : found;
}
