// What is said of a module, from its bytes and snapshots alone: no sources, no other modules but those loaded before.
import { decodeUtf8 } from '../../formats/bytes/strings';
import { readSections } from '../../formats/elf/sectionByName';
import { openObject } from '../../formats/ko/objectFile';
import { readModinfoFields, readSignatureFields } from '../../kmod/modinfo';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { LoadResult, ParamResult } from '../../report/types';
import { endingOf } from '../../report/view/stepsModel';
import type { TracedLoad } from '../../report/view/tracedLoad';
import { CoreSystem } from '../../system';
import { t } from '../extension/model/l10n';
import { emptyReport, exportsIn, exportsOf, importsOf, sizesOf } from '../node/reportParts';
import type { ModuleSummary, ModuleTables } from '../../protocol/view';
import type { EditorReport } from '../../protocol/worker';
import type { WebTarget, WebTargets } from './targets';

/** Signatures need a library that browsers lack: such checks are said not to be made. */
const TOOLS = { verifyPkcs7: null };

export interface WebModule {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly fileSize: number;
}

/** How a module is loaded. */
export interface Loading {
  readonly args: string;
  /** Of the kernel. */
  readonly cmdline: string;
  /** Modules that are loaded before, in order. */
  readonly loaded: readonly WebModule[];
}

export class ModuleView {
  private readonly walks = new Map<number, TracedLoad>();
  private reported: EditorReport | null = null;
  /** Another for each reading of the file. */
  private readonly stamp = crypto.randomUUID();

  constructor(
    readonly module: WebModule,
    private readonly targets: WebTargets,
    private readonly loading: Loading,
  ) {}

  /** Throws a reason for people where there is no such target. */
  walk(target: number): TracedLoad {
    const chosen = this.targets.opened[target];
    if (!chosen) throw new Error(t('There is no snapshot of a kernel here to hold the module against.'));
    const walked =
      this.walks.get(target) ?? this.boot(chosen, this.loading.cmdline).trace(this.module, this.loading.args);
    this.walks.set(target, walked);
    return walked;
  }

  summary(): ModuleSummary {
    const { path, bytes, fileSize } = this.module;
    const { results, missingTargets, name } = this.report();
    const decoded = ({ key, value }: { key: string; value: string }): [string, string] => [
      decodeUtf8(key),
      decodeUtf8(value),
    ];
    return {
      path,
      name,
      stamp: this.stamp,
      fileSize,
      failure: null,
      needsFindable: false,
      targets: results.map(({ target, result }) => summaryOf(target.path, result)),
      missingTargets,
      modinfo: readModinfoFields(bytes).map(decoded),
      signature: readSignatureFields(bytes).map(decoded),
    };
  }

  tables(): ModuleTables {
    const { results, symbols, exports } = this.report();
    return {
      symbols,
      exports,
      users: exports.map(() => []),
      parameters: results.map(({ result }, i) => {
        const defaults = new Map(this.defaults(i, result.params).map(({ name, value }) => [name, value]));
        return result.params.map(param => ({
          ...param,
          location: null,
          defaultValue: defaults.get(param.name) ?? null,
        }));
      }),
    };
  }

  /** As an editor with files would have it, without a place for anything. */
  report(): EditorReport {
    this.reported ??= this.makeReport();
    return this.reported;
  }

  private makeReport(): EditorReport {
    const { path, bytes } = this.module;
    const { opened, missing } = this.targets;
    const results = opened.map((target, i) => {
      const { result } = this.walk(i);
      return { target: { path: target.path }, release: target.facts.release, result, sizes: sizesOf(result) };
    });
    const facts = opened.map(target => target.facts);
    const sections = readSections(bytes);
    const exports = sections ? exportsIn(bytes, sections) : [];
    const nowhere = new Map<string, never>();
    return {
      ...emptyReport(path, null),
      name: decodeUtf8(results[0]?.result.module.name ?? moduleNameOfPath(path)),
      results,
      missingTargets: missing,
      symbols: [
        ...importsOf(openObject(bytes), sections, results, facts, () => nowhere),
        ...exportsOf(exports, facts, () => []),
      ],
      exports,
      stamp: this.stamp,
      parametersDeclaredOnly: true,
      anchors: { license: null, init: null, makefile: null, firstSource: null },
      traits: [],
    };
  }

  /** Values without arguments; the command line of the kernel has arguments for modules, too. */
  private defaults(target: number, params: readonly ParamResult[]): readonly ParamResult[] {
    const { args, cmdline } = this.loading;
    const chosen = this.targets.opened[target];
    return !chosen || (args === '' && cmdline === '') ? params : this.boot(chosen, '').insmod(this.module).params;
  }

  private boot({ facts }: WebTarget, cmdline: string): CoreSystem {
    const system = new CoreSystem(facts, { cmdline }, TOOLS);
    for (const module of this.loading.loaded) system.insmod(module);
    return system;
  }
}

function summaryOf(path: string, result: LoadResult): ModuleSummary['targets'][number] {
  const { verdict, errno, errnoName, taints, kernel } = result;
  return { path, release: kernel.release, verdict, errno, errnoName, reason: endingOf(result), taints };
}
