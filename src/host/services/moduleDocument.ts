// What the document of a module shows before anything is walked through, and its tables.
import { decodeUtf8 } from '../../formats/bytes/strings';
import { readModinfoFields, readSignatureFields } from '../../kmod/modinfo';
import type { ModuleReport } from '../../protocol/analysis';
import type { ModuleSummary, ModuleTables, TargetSummary } from '../../protocol/view';
import type { LoadResult, ParamResult } from '../../report/types';
import { endingOf } from '../../report/view/stepsModel';
import { nameOf } from './reportParts';

export interface Summarised extends Omit<ModuleSummary, 'name' | 'targets' | 'modinfo' | 'signature'> {
  readonly bytes: Uint8Array;
  /** By target, with the path it was opened by. */
  readonly results: readonly { readonly path: string; readonly result: LoadResult }[];
}

export function summaryOf({ bytes, results, ...about }: Summarised): ModuleSummary {
  const loads = results.map(({ result }) => result);
  return {
    ...about,
    name: decodeUtf8(nameOf(about.path, loads)),
    targets: results.map(({ path, result }) => targetSummary(path, result)),
    modinfo: readModinfoFields(bytes).map(decoded),
    signature: readSignatureFields(bytes).map(decoded),
  };
}

const decoded = ({ key, value }: { key: string; value: string }): [string, string] => [
  decodeUtf8(key),
  decodeUtf8(value),
];

function targetSummary(path: string, result: LoadResult): TargetSummary {
  const { verdict, errno, errnoName, taints, kernel } = result;
  return { path, release: kernel.release, verdict, errno, errnoName, reason: endingOf(result), taints };
}

/** @param without parameters as a load without arguments leaves them, by number of the target */
export async function tablesOf(
  { symbols, exports, parameters, results }: ModuleReport,
  without: (target: number) => readonly ParamResult[] | Promise<readonly ParamResult[]>,
): Promise<Omit<ModuleTables, 'users'>> {
  const places = new Map(parameters.map(({ name, location }) => [name, location]));
  const rows = results.map(async ({ result }, i) => {
    // Of an array whose counter counts nothing yet, what stands in the source is shown.
    const defaults = new Map(
      (await without(i)).map(({ name, value, elements }) => [name, value || (elements ?? value)]),
    );
    return result.params.map(param => ({
      name: param.name,
      type: param.type,
      perm: param.perm,
      value: param.value,
      description: param.description,
      defaultValue: defaults.get(param.name) ?? null,
      location: places.get(param.name) ?? null,
    }));
  });
  return { symbols, exports, parameters: await Promise.all(rows) };
}
