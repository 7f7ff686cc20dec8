// From the state of a load to the plain result others read.
import { hexCrc } from '../formats/bytes/hex';
import { decodeUtf8 } from '../formats/bytes/strings';
import { moduleNameOfPath } from '../formats/ko/moduleName';
import { describe } from '../findings/all';
import { noteText } from '../findings/notes';
import { infoValues } from '../linux/kernel/module/loadInfo';
import { allElements, getParam } from '../linux/kernel/params/getParam';
import type { ParamKind, ParamMemory } from '../linux/kernel/params/types';
import type { LoadOutcome } from '../linux/kernel/module/loadModule';
import { taintLetters } from '../linux/kernel/module/taints';
import type { Load, Module, ResolvedSymbol } from '../linux/kernel/module/types';
import { errnoName } from '../linux/errno';
import { insmodLine } from '../kmod/insmodLine';
import { ENDS, withHidden, type LayoutResult, type LoadResult, type ParamResult, type SymbolResult } from './types';

/** What a check of many modules reports of each. */
export type LoadSummary = Pick<LoadResult, 'module' | 'verdict' | 'errno' | 'errnoName' | 'depends' | 'findings'>;

/** A part of {@link toResult} that costs little. */
export function toSummary(load: Load, outcome: LoadOutcome, path: string): LoadSummary {
  return {
    module: { name: moduleName(load, path), path },
    verdict: verdictOf(load, outcome),
    errno: outcome.errno,
    errnoName: errnoName(outcome.errno),
    depends: load.dependsOn,
    findings: load.findings.map(finding => describe(finding, finding.stage, decodeUtf8)),
  };
}

/** What the module is called, as far as its file could be read; else after the file. */
export function moduleName({ mod, info }: Load, path: string): string {
  return mod.name || info.name || moduleNameOfPath(path);
}

export function toResult(load: Load, outcome: LoadOutcome, path: string): LoadResult {
  const { mod, facts, features } = load;
  const { module, verdict, errno, errnoName, depends, findings } = toSummary(load, outcome, path);
  return {
    schema: 1,
    module,
    kernel: { release: facts.release, arch: features.arch },
    verdict,
    errno,
    errnoName,
    insmod: outcome.errno === 0 ? null : insmodLine(path, outcome.errno),
    log: load.log,
    taints: taintLetters(mod.taints),
    stages: load.stages.map(({ name, outcome, notes }) => ({
      name,
      outcome,
      notes: notes.map(note => noteText(note)),
      reasons: notes,
    })),
    layout: layoutOf(load),
    params: outcome.params ? paramsOf(load, outcome.params) : [],
    depends,
    symbols: load.symbols.map(symbolOf),
    findings,
    ...(verdict === 'unchecked' ? { essential: load.unchecked.map(reason => noteText(reason)) } : {}),
  };
}

/** "unchecked": nothing refused the module, but something essential was not simulated. */
export function verdictOf({ unchecked }: Load, { loads }: LoadOutcome): LoadResult['verdict'] {
  return !loads ? 'refused' : unchecked.length > 0 ? 'unchecked' : 'loads';
}

function layoutOf(load: Load): LayoutResult {
  const regions = load.percpu ? [...load.regions, load.percpu] : load.regions;
  return {
    regions: regions.map(({ name, size, entries, ends }) => withHidden({ name, size, sections: entries }, ENDS, ends)),
    coresize: load.coresize,
    initsize: load.initsize,
  };
}

function paramsOf(load: Load, memory: ParamMemory): ParamResult[] {
  const descriptions = tagged(infoValues(load.info, 'parm'));
  const types = tagged(infoValues(load.info, 'parmtype'));
  return load.mod.params.map(param => {
    const description = descriptions.get(param.name);
    const elements = param.valueUnknown ? null : allElements(memory, param.getKind);
    const value = shownValue(param.valueUnknown ? null : getParam(memory, param.getKind, param.arg));
    return {
      name: param.name,
      type: types.get(param.name) ?? typeName(param.kind),
      perm: param.perm,
      value,
      description: description === undefined ? null : decodeUtf8(description),
      ...(elements !== null && value !== null && elements !== value ? { elements: decodeUtf8(elements) } : {}),
    };
  });
}

function shownValue(value: string | null): string | null {
  return value === null ? null : decodeUtf8(value);
}

/** `name:rest` entries by name. */
function tagged(values: readonly string[]): Map<string, string> {
  return new Map(
    values.map(value => {
      const colon = value.indexOf(':');
      return colon < 0 ? [value, ''] : [value.slice(0, colon), value.slice(colon + 1)];
    }),
  );
}

function typeName(kind: ParamKind): string {
  if (kind.kind === 'integer') return kind.type;
  return kind.kind === 'array' ? `array of ${typeName(kind.element)}` : kind.kind;
}

function symbolOf(symbol: ResolvedSymbol): SymbolResult {
  return { ...symbol, wanted: hexCrc(symbol.wanted), found: hexCrc(symbol.found) };
}

/** Names of the modules that use a module, newest user first, as the list in /proc/modules has them. */
export function holdersOf(mod: Module): string[] {
  return mod.usedBy.map(user => user.name).reverse();
}
