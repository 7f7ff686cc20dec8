// parse_args() (kernel/params.c) with unknown_module_param_cb(): every word of the arguments, in order.
import { nearest } from '../../../findings/nearest';
import { note, type Note } from '../../../findings/notes';
import { argumentsAfterDashes } from '../../../findings/argumentsAfterDashes';
import { dangerousParameter } from '../../../findings/dangerousParameter';
import { dyndbgUnsupported } from '../../../findings/dyndbgUnsupported';
import { invalidParameter } from '../../../findings/invalidParameter';
import { parameterLimit } from '../../../findings/parameterLimit';
import { lockdownRestricts } from '../../../findings/lockdownRestricts';
import { uncheckedField } from '../../../findings/uncheckedField';
import { unknownParameter } from '../../../findings/unknownParameter';
import { nextArg, plain, skipSpaces, type Argument } from '../../../target/cmdline';
import { EINVAL, ENOENT, EPERM } from '../../errno';
import { addTaint, TAINT_USER } from '../module/taints';
import type { Errno, Load } from '../module/types';
import { execDyndbgQueries } from '../../lib/dynamicDebug';
import { kstrtobool } from '../../lib/kstrtox';
import { integerShape, setParam, type SetResult } from './setParam';
import type { KernelParam, ParamMemory } from './types';

export function parseArgs(load: Load, memory: ParamMemory, params: readonly KernelParam[]): Errno {
  const { features, mod } = load;
  if (!load.relocated) {
    if (load.args.trim() !== '') load.notChecked(note('arguments-not-read'));
    return 0;
  }
  const byName = new Map<string, KernelParam>();
  for (const param of params) if (!byName.has(plain(param.name))) byName.set(plain(param.name), param);
  const known = params.slice(0, MOST_GUESSED).map(param => param.name);
  const table: Parameters = { all: params, byName, known };
  let rest = skipSpaces(load.args);
  let result = 0;
  while (rest !== '') {
    if (rest === '"' && features.loneQuoteOverrun) load.report(uncheckedField, { field: note('lone-quote') });
    const { argument, rest: remaining } = nextArg(rest);
    rest = remaining;
    if (features.dashesStopParsing && argument.param === '--' && argument.value === null) {
      if (result === 0) load.report(argumentsAfterDashes, { module: mod.name, ignored: rest });
      return result;
    }
    const { errno, shown, ownCode = false } = parseOne(load, memory, table, argument);
    if (errno === 0) continue;
    load.report(invalidParameter, {
      module: mod.name,
      param: argument.param,
      value: shown ?? '',
      errno,
      suggestion: errno === ENOENT ? nearest(argument.param, known) : null,
      setter: ownCode,
      ...typeOf(table.byName.get(plain(argument.param)), memory.pointerSize),
    });
    result = errno;
    if (!features.allParametersTried) return result;
  }
  return result;
}

/** The type of a parameter as module_param() names it, and what it holds. */
function typeOf(
  param: KernelParam | undefined,
  pointerSize: number,
): { type: string | null; range: [string, string] | null } {
  const kind = param?.kind.kind === 'array' ? param.kind.element : param?.kind;
  if (!kind || kind.kind === 'custom' || kind.kind === 'array') return { type: null, range: null };
  if (kind.kind !== 'integer') return { type: kind.kind, range: null };
  const { size, signed } = integerShape(kind.type, pointerSize);
  const values = 1n << BigInt(size * 8);
  const least = signed ? -values / 2n : 0n;
  return { type: kind.type, range: [String(least), String(least + values - 1n)] };
}

/** Names that are looked through for the one that was meant. */
const MOST_GUESSED = 1000;

interface Parameters {
  readonly all: readonly KernelParam[];
  /** By name with underscores; of several of a name the first. */
  readonly byName: ReadonlyMap<string, KernelParam>;
  readonly known: readonly string[];
}

/** parse_one(): the first parameter of that name takes the value. */
function parseOne(
  load: Load,
  memory: ParamMemory,
  { all, byName, known }: Parameters,
  { param: name, value }: Argument,
): SetResult {
  const param = byName.get(plain(name));
  load.observer?.checked(name, value ?? note('no-value'), param ? param.kind.kind : note('no-parameter'));
  if (!param) return { errno: unknownModuleParam(load, known, name, value), shown: value };
  if (value === null && !param.noArg) {
    tellMissingValue(load, param);
    return { errno: EINVAL, shown: value };
  }
  if (!checkUnsafe(load, param)) return { errno: EPERM, shown: value };
  if (param.kind.kind === 'custom') {
    return { errno: setByOwnCode(load, memory, all, param, value), shown: value, ownCode: true };
  }
  if (param.kind.kind === 'array' && param.kind.element.kind === 'custom')
    leaveOpen(load, param, note('array-of-custom'));
  return setParam(load, memory, param, value);
}

/** A set operation of the module: evaluated, or taken to succeed where that cannot be done. */
function setByOwnCode(
  load: Load,
  memory: ParamMemory,
  params: readonly KernelParam[],
  param: KernelParam,
  value: string | null,
): Errno {
  // Code that could not be evaluated may have changed whatever this one looks at.
  const outcome = params.some(({ valueUnknown }) => valueUnknown)
    ? note('another-before')
    : (load.arch.customSet?.(load, memory, param, value) ?? note('code-of-arch', { arch: load.arch.name }));
  if (typeof outcome === 'number') return outcome;
  leaveOpen(load, param, outcome);
  return 0;
}

function leaveOpen(load: Load, param: KernelParam, reason: Note): void {
  param.valueUnknown = true;
  load.notChecked(note('parameter-unknown', { param: param.name, reason }));
}

/** Before 3.12 the set operations themselves look for a value, and some say that there is none. */
function tellMissingValue({ features, report }: Load, { name, kind: { kind } }: KernelParam): void {
  if (features.rows.has('paramOpsFlags')) return;
  if (kind === 'charp' || kind === 'array' || kind === 'string')
    report(parameterLimit, { param: name, problem: `no-${kind}`, limit: 0 });
}

/** param_check_unsafe() */
function checkUnsafe(load: Load, param: KernelParam): boolean {
  if (param.hwparam && load.features.lockdown && load.machine.boot.lockdown !== 'none') {
    load.report(lockdownRestricts, { comm: load.options.comm, what: 'unsafe module parameters' });
    return false;
  }
  if (param.unsafe) {
    load.report(dangerousParameter, { param: param.name });
    addTaint(load, TAINT_USER);
  }
  return true;
}

/**
 * Up to 3.10 an unknown name refuses. From 3.4 on dynamic debug is asked first, whose stub returns another error
 * (include/linux/dynamic_debug.h, ddebug_dyndbg_module_param_cb()).
 */
function unknownErrno(load: Load, name: string, value: string | null): Errno {
  const { rows, dynamicDebug } = load.features;
  if (!rows.has('dyndbgParameter')) return ENOENT;
  if (!dynamicDebug && name.includes('dyndbg')) load.report(dyndbgUnsupported, {});
  else if (dynamicDebug && name === 'dyndbg') execDyndbgQueries(load, value ?? '+p');
  else return dynamicDebug ? ENOENT : EINVAL;
  return 0;
}

/** unknown_module_param_cb(): since 3.11 an unknown name only warns; async_probe and dyndbg belong to every module. */
function unknownModuleParam(load: Load, known: readonly string[], name: string, value: string | null): Errno {
  const { features, mod } = load;
  if (features.unknownParameterRefuses) return unknownErrno(load, name, value);
  if (name === 'async_probe') {
    const parsed = features.asyncProbeValue && value !== null ? kstrtobool(value, features.boolLetters) : null;
    mod.asyncProbe = parsed ?? true;
    return 0;
  }
  // Dynamic debug looks for "module.dyndbg" and cuts the name at its first dot while doing so.
  const dot = features.dynamicDebug ? name.indexOf('.') : -1;
  const tail = dot >= 0 ? name.slice(dot + 1) : name;
  if (tail === 'dyndbg') {
    if (!features.dynamicDebug) load.report(dyndbgUnsupported, {});
    else execDyndbgQueries(load, value ?? '+p');
    return 0;
  }
  const shown = dot >= 0 ? name.slice(0, dot) : name;
  load.report(unknownParameter, {
    module: mod.name,
    param: shown,
    suggestion: nearest(shown, known),
  });
  return 0;
}
