// What dkms.conf asks for (dkms(8)) held against the Makefile beside it.
import { describe } from '../findings/all';
import { dkmsKernel } from '../findings/dkmsKernel';
import { dkmsLicense } from '../findings/dkmsLicense';
import { dkmsModule } from '../findings/dkmsModule';
import type { Finding, FindingDefinition } from '../findings/types';
import { builtModules, sourcesOfModule } from './kbuildSources';

/** The text of a directory that DKMS builds, and the names of its files as they shall be shown. */
export interface DkmsSources {
  readonly conf: string;
  readonly confFile: string;
  /** Makefile and Kbuild, in whatever order; none where DKMS has nothing to run. */
  readonly makefiles: readonly string[];
  /** Texts by name of the C files and headers that {@link filesToRead} asked for; null for a file that is not there. */
  readonly code: ReadonlyMap<string, string | null>;
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
export function dkmsFindings({ conf, confFile, makefiles, code }: DkmsSources): Finding[] {
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
  for (const [module, directive] of installedModules(directives)) {
    if (!built.includes(module)) {
      report(dkmsModule, { module, built }, directive);
      continue;
    }
    const [source, ...others] = sourcesOfModule(makefiles, module) ?? [];
    if (source === undefined) continue;
    const texts = withIncluded([source, ...others], code);
    const lacksLicense = texts.every(text => typeof text === 'string' && !LICENSE.test(text));
    if (lacksLicense) report(dkmsLicense, { module, source }, directive);
  }
  return found;
}

/** Names of the modules that a dkms.conf installs; without a BUILT_MODULE_NAME that of the package (dkms(8)). */
export function dkmsModules(conf: string): string[] {
  const directives = parseConf(conf);
  const names = [...installedModules(directives)].map(([module]) => module);
  const name = valueOf(directives, 'PACKAGE_NAME');
  return names.length > 0 || name === '' ? names : [name];
}

/** Files beside dkms.conf that {@link dkmsFindings} wants to read and does not know yet: ask again with their texts. */
export function filesToRead({ conf, makefiles, code }: Omit<DkmsSources, 'confFile'>): string[] {
  const built = builtModules(makefiles) ?? [];
  const wanted = [...installedModules(parseConf(conf))].flatMap(([module]) =>
    built.includes(module) ? (sourcesOfModule(makefiles, module) ?? []) : [],
  );
  const open = [...reachedFrom(wanted, code)].filter(name => !code.has(name) && isBelow(name));
  return open.slice(0, Math.max(0, MOST_FILES - code.size));
}

/** A module of more files is not judged. */
const MOST_FILES = 200;
const isBelow = (name: string): boolean => !name.startsWith('/') && !name.split('/').includes('..');
const LICENSE = /\bMODULE_LICENSE\s*\(|\bMODULE_INFO\s*\(\s*license\b/;

/** Names of modules that DKMS installs, with the line that says so; not those that a shell has to work out. */
function* installedModules(directives: readonly Directive[]): Generator<[string, Directive]> {
  for (const directive of directives.filter(({ name }) => name === 'BUILT_MODULE_NAME')) {
    const module = directive.value.replace(/\$(?:\{PACKAGE_NAME\}|PACKAGE_NAME)/g, valueOf(directives, 'PACKAGE_NAME'));
    if (module !== '' && !module.includes('$')) yield [module, directive];
  }
}

/** The texts of files and of everything they include by a relative name; undefined for what was not read. */
const withIncluded = (names: readonly string[], code: DkmsSources['code']): (string | null | undefined)[] =>
  [...reachedFrom(names, code)].map(name => code.get(name));

function reachedFrom(names: readonly string[], code: DkmsSources['code']): Set<string> {
  const reached = new Set(names);
  // A set that grows is walked to its end.
  for (const name of reached)
    for (const [, included = ''] of (code.get(name) ?? '').matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm))
      reached.add(included);
  return reached;
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
    for (const [, name = '', value = ''] of makefile.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*[:?]?=(.*)$/gm)) {
      if (!/\$\(shell uname -r\)|`uname -r`/.test(value) || name === 'KERNELRELEASE') continue;
      return value.includes('/') ? `${name}=\${kernel_source_dir}` : `${name}=\${kernelver}`;
    }
  const calls = makefiles.some(makefile => /-C\s+\S*\$(?:\$\(uname -r\)|\(shell uname -r\))/.test(makefile));
  // No variable to pass: the Makefile has to be given one first.
  return calls ? 'KDIR=${kernel_source_dir}' : null;
}
