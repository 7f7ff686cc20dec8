// The files depmod writes, as text: what `depmod -n` prints is all of them one after the other (tools/depmod.c).
import { moduleNameOfPath } from '../formats/ko/moduleName';
import { hashOrder, SYMBOL_BUCKETS } from './depmodOrder';
import type { DepmodTree } from './depmod';
import type { DepmodModule } from './depmodModule';

export interface DepmodFiles {
  /** Without the comment lines the files begin with. */
  readonly dep: readonly string[];
  readonly alias: readonly string[];
  readonly softdep: readonly string[];
  readonly weakdep: readonly string[];
  readonly symbols: readonly string[];
  readonly devname: readonly string[];
  /** Modules that name a device node without its numbers: lines of standard error. */
  readonly messages: readonly string[];
}

/** The lines of every file. Byte strings. */
export function depmodFiles(tree: DepmodTree): DepmodFiles {
  const { modules } = tree;
  const each = (values: (module: DepmodModule) => readonly string[], line: (name: string, value: string) => string) =>
    modules.flatMap(module => {
      const name = moduleNameOfPath(module.path);
      return values(module).map(value => line(name, value));
    });
  const nodes = modules.flatMap(module => deviceNode(module) ?? []);
  return {
    dep: modules.map(({ path }, m) => [`${path}:`, ...(tree.needs[m] ?? []).map(n => modules[n]?.path)].join(' ')),
    alias: each(
      module => module.aliases,
      (name, alias) => `alias ${alias} ${name}`,
    ),
    softdep: each(
      module => module.softdeps,
      (name, value) => `softdep ${name} ${value}`,
    ),
    weakdep: each(
      module => module.weakdeps,
      (name, value) => `weakdep ${name} ${value}`,
    ),
    symbols: symbolLines(tree),
    devname: nodes.flatMap(({ line }) => line ?? []),
    messages: nodes.flatMap(({ message }) => message ?? []),
  };
}

/**
 * What `depmod -n` prints. Nothing where modules need each other.
 * @param weakdep whether that kmod knows modules.weakdep, as it does since version 33
 */
export function depmodText(tree: DepmodTree, { weakdep }: { readonly weakdep: boolean }): string {
  if (tree.hasCycle) return '';
  const files = depmodFiles(tree);
  const lines = [
    ...files.dep,
    '# Aliases extracted from modules themselves.',
    ...files.alias,
    '# Soft dependencies extracted from modules themselves.',
    ...files.softdep,
    ...(weakdep ? ['# Weak dependencies extracted from modules themselves.', ...files.weakdep] : []),
    '# Aliases for symbols, used by symbol_request().',
    ...files.symbols,
    ...(files.devname.length > 0 ? ['# Device nodes to trigger on-demand module loading.', ...files.devname] : []),
  ];
  return lines.map(line => `${line}\n`).join('');
}

/** output_symbols(): in the order of the hash table. */
function symbolLines({ names, modules, owners }: DepmodTree): string[] {
  const ownerOf = new Map<string, string>();
  const modnames = modules.map(({ path }) => moduleNameOfPath(path));
  for (const [id, owner] of owners.entries()) if (owner >= 0) ownerOf.set(names.name(id), modnames[owner] ?? '');
  return hashOrder([...ownerOf.keys()], SYMBOL_BUCKETS).map(name => `alias symbol:${name} ${ownerOf.get(name) ?? ''}`);
}

interface DeviceNode {
  readonly line?: string;
  readonly message?: string;
}

/** output_devname(): the last name and the last numbers up to where both are known. */
function deviceNode({ path, aliases }: DepmodModule): DeviceNode | null {
  let devname: string | null = null;
  let numbers: string | null = null;
  for (const alias of aliases) {
    const number = /^(char|block)-major-\s*([+-]?\d+)-\s*([+-]?\d+)/.exec(alias);
    if (alias.startsWith('devname:')) devname = alias.slice('devname:'.length);
    else if (number)
      numbers = `${number[1] === 'char' ? 'c' : 'b'}${Number(number[2]) >>> 0}:${Number(number[3]) >>> 0}`;
    if (devname !== null && numbers !== null) break;
  }
  const name = moduleNameOfPath(path);
  if (devname === null) return null;
  if (numbers !== null) return { line: `${name} ${devname} ${numbers}` };
  const message = `Module '${name}' has devname (${devname}) but lacks major and minor information. Ignoring.`;
  return { message: `depmod: ERROR: ${message}` };
}
