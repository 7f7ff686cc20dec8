// resolve_symbol(): what an undefined symbol is bound to, and whether this module may use it.
import { missingNamespaceImport } from '../../../findings/missingNamespaceImport';
import { proprietaryProvider } from '../../../findings/proprietaryProvider';
import { futureGpl } from '../../../findings/futureGpl';
import { unusedExport } from '../../../findings/unusedExport';
import type { SymbolId } from '../../../formats/ko/symbolNames';
import type { Features } from '../../features';
import { EBUSY, EINVAL, ENOENT } from '../../errno';
import { findSymbol } from './findSymbol';
import type { Errno, FoundSymbol, Load, Module, SearchWatcher, SymbolStatus } from './types';
import { infoValues } from './loadInfo';
import { mustImport } from './namespace';
import { TAINT_PROPRIETARY_MODULE } from './taints';
import { checkVersion } from './checkVersion';

/** The answer for one name: `symbol` when it may be used; `errno` 0 without a symbol means "not there". */
export interface Resolution {
  readonly symbol: FoundSymbol | null;
  readonly errno: Errno;
  readonly status: SymbolStatus;
  /** What was found even if it may not be used. */
  readonly seen: FoundSymbol | null;
}

const P = 1 << TAINT_PROPRIETARY_MODULE;

export function resolveSymbol(load: Load, symbol: SymbolId): Resolution {
  const { machine, mod, features } = load;
  const gplok = (mod.taints & P) === 0;
  const { observer } = load;
  const watch: SearchWatcher | null =
    observer &&
    ((owner, table, outcome) => observer.searched(machine.kernel.names.name(symbol), owner, table, outcome));
  const found = findSymbol(machine, symbol, gplok, watch);
  if (!found) {
    const hidden = gplok ? null : findSymbol(machine, symbol, true);
    return { symbol: null, errno: 0, status: hidden ? 'gpl-only' : 'missing', seen: hidden };
  }
  if (found.future && !gplok)
    load.report(futureGpl, { symbol: machine.kernel.names.name(symbol), ...futureFacts(features) });
  if (found.unused) load.report(unusedExport, { symbol: machine.kernel.names.name(symbol) });
  if (features.taintInheritance) {
    if (found.gplOnly) mod.usingGplonlySymbols = true;
    if (!inheritTaint(load, found.owner, symbol)) return refused(found, 'proprietary', 0);
  }
  if (!checkVersion(load, symbol, found.crc, found.owner?.name ?? 'vmlinux'))
    return refused(found, 'version', errors(features, EINVAL));
  if (!namespaceImported(load, found)) return refused(found, 'namespace', EINVAL);
  const busy = refModule(mod, found.owner);
  if (busy !== 0) return refused(found, 'busy', errors(features, busy));
  return { symbol: found, errno: 0, status: 'ok', seen: found };
}

/** Before 2.6.35 a symbol that may not be used is one that is not there. */
function errors({ rows }: Features, errno: Errno): Errno {
  return rows.has('unknownSymbolError') ? errno : 0;
}

/** Before 3.6 a second line named a file of the documentation. */
function futureFacts({ rows }: Features): { namesFile?: true } {
  return rows.has('oneLineAboutFuture') ? {} : { namesFile: true };
}

function refused(seen: FoundSymbol, status: SymbolStatus, errno: Errno): Resolution {
  return { symbol: null, errno, status, seen };
}

/** inherit_taint(): whoever uses a proprietary module becomes proprietary, unless it already used GPL-only symbols. */
function inheritTaint(load: Load, owner: Module | null, symbol: SymbolId): boolean {
  const { mod, features } = load;
  if (!owner || (owner.taints & P) === 0) return true;
  const name = load.machine.kernel.names.name(symbol);
  const facts = {
    module: mod.name,
    symbol: name,
    owner: owner.name,
    namesSymbol: features.taintInheritanceNamesSymbol,
  };
  if (mod.usingGplonlySymbols) {
    load.report(proprietaryProvider, { ...facts, refused: true });
    return false;
  }
  if ((mod.taints & P) === 0) {
    load.report(proprietaryProvider, { ...facts, refused: false });
    mod.taints |= P;
  }
  return true;
}

/** verify_namespace_is_imported() */
function namespaceImported(load: Load, found: FoundSymbol): boolean {
  const { mod, info, features } = load;
  const { namespace, name } = found;
  if (!mustImport(features, namespace, mod.name) || infoValues(info, 'import_ns').includes(namespace)) return true;
  const optional = features.namespaceImportOptional;
  load.report(missingNamespaceImport, { module: mod.name, symbol: name, namespace, optional });
  return optional;
}

/** ref_module(): one use for each module used, however many symbols. */
function refModule(mod: Module, owner: Module | null): Errno {
  if (!owner || mod.uses.includes(owner)) return 0;
  if (owner.state === 'coming') return EBUSY;
  if (owner.state === 'going') return ENOENT;
  mod.uses.push(owner);
  owner.usedBy.push(mod);
  return 0;
}
