// What the page of a module asks, answered from its bytes and snapshots alone: no sources, no other modules.
import { decodeUtf8 } from '../core/bytes/strings';
import { readSections } from '../core/elf/sectionByName';
import { readExports } from '../core/ko/exports';
import { readModinfoFields, readSignatureFields } from '../core/report/modinfo';
import { moduleNameOfPath } from '../core/report/result';
import type { LoadResult, SymbolResult } from '../core/report/types';
import type { TracedLoad } from '../core/report/view/tracedLoad';
import { CoreSystem } from '../core/system';
import type { SymbolReport } from '../protocol/analysis';
import type { ModuleSummary, ModuleTables } from '../protocol/view';
import { t } from '../extension/model/l10n';
import type { WebTarget, WebTargets } from './targets';

/** Signatures need a library that browsers lack: such checks are said not to be made. */
const TOOLS = { verifyPkcs7: null };

export interface WebModule {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly fileSize: number;
}

export function simulate({ facts }: WebTarget, module: WebModule, args: string, cmdline: string): TracedLoad {
  return new CoreSystem(facts, { cmdline }, TOOLS).trace({ path: module.path, bytes: module.bytes }, args);
}

export class ModuleView {
  private readonly walks = new Map<number, TracedLoad>();

  constructor(
    readonly module: WebModule,
    private readonly targets: WebTargets,
    private readonly args: string,
    private readonly cmdline: string,
  ) {}

  walk(target: number): TracedLoad {
    const chosen = this.targets.opened[target];
    if (!chosen) throw new Error(t('There is no snapshot of a kernel here to hold the module against.'));
    const walked = this.walks.get(target) ?? simulate(chosen, this.module, this.args, this.cmdline);
    this.walks.set(target, walked);
    return walked;
  }

  summary(): ModuleSummary {
    const { path, bytes, fileSize } = this.module;
    const results = this.targets.opened.map((_, i) => this.walk(i).result);
    const decoded = ({ key, value }: { key: string; value: string }): [string, string] => [
      decodeUtf8(key),
      decodeUtf8(value),
    ];
    return {
      path,
      name: decodeUtf8(results[0]?.module.name ?? moduleNameOfPath(path)),
      stamp: String(fileSize),
      fileSize,
      failure: null,
      targets: results.map((result, i) => summaryOf(this.targets.opened[i]?.path ?? '', result)),
      missingTargets: this.targets.missing,
      modinfo: readModinfoFields(bytes).map(decoded),
      signature: readSignatureFields(bytes).map(decoded),
    };
  }

  tables(): ModuleTables {
    const { bytes } = this.module;
    const results = this.targets.opened.map((_, i) => this.walk(i).result);
    const sections = readSections(bytes);
    const exported = sections ? readExports(bytes, sections) : [];
    return {
      symbols: importsOf(results),
      exports: exported.map(({ name, gplOnly, namespace, crc }) => ({
        name,
        type: gplOnly ? 'EXPORT_SYMBOL_GPL' : 'EXPORT_SYMBOL',
        namespace,
        crc: crc === null ? null : `0x${crc.toString(16).padStart(8, '0')}`,
      })),
      users: exported.map(() => []),
      parameters: results.map(({ params }) =>
        params.map(param => ({ ...param, location: null, defaultValue: this.args === '' ? param.value : null })),
      ),
    };
  }
}

function summaryOf(path: string, result: LoadResult): ModuleSummary['targets'][number] {
  const { verdict, errno, errnoName, taints, kernel, findings } = result;
  const reason = errno === 0 ? null : (findings.filter(({ severity }) => severity === 'error').at(-1)?.message ?? null);
  return { path, release: kernel.release, verdict, errno, errnoName, reason, taints };
}

/** Each import with what every kernel has for it. */
function importsOf(results: readonly LoadResult[]): SymbolReport[] {
  const names = new Map<string, SymbolResult>();
  for (const { symbols } of results)
    for (const symbol of symbols) if (!names.has(symbol.name)) names.set(symbol.name, symbol);
  return [...names.values()].map(({ name, wanted }) => ({
    name,
    role: 'import',
    crc: wanted,
    targets: results.map(({ kernel, symbols }) => {
      const there = symbols.find(symbol => symbol.name === name);
      return {
        release: kernel.release,
        owner: there?.owner ?? null,
        crc: there?.found ?? null,
        type: there?.owner ? (there.gplOnly ? 'EXPORT_SYMBOL_GPL' : 'EXPORT_SYMBOL') : null,
        namespace: there?.namespace ?? null,
        namespaceImported: there?.status !== 'namespace',
        status: there?.status ?? null,
      };
    }),
    locations: [],
  }));
}
