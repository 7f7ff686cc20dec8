// A walk through load_module() as columns: stages, section headers, symbol values, relocations.
import type { Finding } from '../../findings/types';
import { decodeUtf8 } from '../../formats/bytes/strings';
import { SHN_UNDEF } from '../../formats/elf/constants';
import { SymbolTable } from '../../formats/elf/symtab';
import { sectionBytes } from '../../linux/kernel/module/loadInfo';
import type { Load } from '../../linux/kernel/module/types';
import type { LoadTrace } from '../../linux/trace/types';
import type { LoadResult } from '../types';
import { stepLinks } from './stepLinks';
import { stepRelocations, symbolName } from './stepRelocations';
import { structModuleModel } from './structModule';
import { stepSearches, stepUses } from './stepSearches';
import { stepExtable, stepFreed, stepPatches } from './stepTables';
import type { StepFinding, StepsModel, StepSymbols } from './types';

export function stepsModel(load: Load, trace: LoadTrace, result: LoadResult): StepsModel {
  const table = symbolTable(load);
  const relocations = stepRelocations(load, trace, table);
  const structModule = structModuleModel(load, trace);
  const filling = new Set(structModule?.writes.map(({ stage }) => stage));
  return {
    release: result.kernel.release,
    verdict: result.verdict,
    errno: result.errno,
    errnoName: result.errnoName,
    insmod: result.insmod,
    stages: trace.stages.map((stage, i) =>
      filling.has(i) ? { ...stage, changed: [...stage.changed, 'struct module'] } : stage,
    ),
    sectionNames: trace.sectionNames.map(decodeUtf8),
    headers: trace.headers,
    log: result.log,
    findings: result.findings.map(stepFinding),
    symbols: stepSymbols(load, trace, table),
    relocations,
    links: stepLinks(trace, relocations),
    structModule,
    patches: stepPatches(load),
    extable: stepExtable(load, trace),
    freed: stepFreed(load),
  };
}

export function stepFinding({ code, severity, message, facts }: Finding): StepFinding {
  return { code, severity, message, facts };
}

/** The finding that ended the load, which is the one reported last; null when it loads. */
export function endingOf({ errno, findings }: LoadResult): StepFinding | null {
  const last = errno === 0 ? undefined : findings.findLast(({ severity }) => severity === 'error');
  return last ? stepFinding(last) : null;
}

function symbolTable({ info, features }: Load): SymbolTable {
  const bytes = sectionBytes(info, info.index.sym);
  return new SymbolTable(bytes, info.bytes.subarray(info.strtab), features.is64, features.littleEndian);
}

/** The largest modules have half of that. */
export const MOST_SHOWN = 100_000;

function stepSymbols(load: Load, trace: LoadTrace, table: SymbolTable): StepSymbols | null {
  const { symbols } = trace;
  if (!symbols) return null;
  // Nobody scrolls through more, and a name may take a kilobyte.
  const count = Math.min(symbols.after.length, MOST_SHOWN);
  const outcomes = new Map(load.symbols.map(({ name, status }) => [name, status]));
  const statuses = ['', ...new Set<string>(outcomes.values())];
  const names: string[] = [];
  const st_shndx = new Uint16Array(count);
  const status = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    names.push(symbolName(load, table, i));
    st_shndx[i] = table.section(i);
    if (st_shndx[i] === SHN_UNDEF && i > 0) status[i] = statuses.indexOf(outcomes.get(table.sharedName(i)) ?? '');
  }
  const shown = { before: symbols.before.subarray(0, count), after: symbols.after.subarray(0, count) };
  const found = { searches: stepSearches(load, trace), uses: stepUses(load, trace) };
  return { names, st_shndx, ...shown, status, statuses, ...found };
}
