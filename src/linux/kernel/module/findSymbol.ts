// find_symbol(): vmlinux first, then the loaded modules, newest first.
import { toBytes } from '../../../formats/bytes/strings';
import type { KernelFacts } from '../../../target/types';
import { bsearchExport, type ModuleExport } from './moduleExports';
import type { Machine, Module } from './types';
import { kernelAddress } from '../../arch/x86/kernelAddresses';

export interface FoundSymbol extends ModuleExport {
  /** null for vmlinux */
  readonly owner: Module | null;
  readonly future: boolean;
  readonly unused: boolean;
}

/** A symbol that vmlinux exports, or null. */
export function findKernelExport(facts: KernelFacts, name: string): FoundSymbol | null {
  const { exports } = facts;
  const index = exports.findInVmlinux(toBytes(name), 0, name.length);
  if (index < 0) return null;
  const type = exports.type(index);
  return {
    name,
    owner: null,
    value: kernelAddress(facts, name, index),
    crc: facts.config['MODVERSIONS'] === 'y' ? exports.crc(index) : null,
    gplOnly: exports.gplOnly(index),
    namespace: exports.namespace(index),
    future: type.includes('FUTURE'),
    unused: type.includes('UNUSED'),
  };
}

/** find_symbol(): what the kernel would bind `name` to; GPL-only exports are invisible when `gplok` is false. */
export function findSymbol(machine: Machine, name: string, gplok: boolean): FoundSymbol | null {
  const builtin = findKernelExport(machine.facts, name);
  if (builtin && (gplok || !builtin.gplOnly)) return builtin;
  for (const owner of machine.modules) {
    if (owner.state === 'unformed') continue;
    for (const exports of owner.exports) {
      const found = bsearchExport(exports, name);
      if (!found || (found.gplOnly && !gplok)) continue;
      const future = exports.table === '_gpl_future';
      return { ...found, owner, future, unused: exports.table.startsWith('_unused') };
    }
  }
  return null;
}
