// struct kernel_param and what its operations do.
import type { Note } from '../../../findings/notes';

/** A parameter of a module, in the order of __param. */
export interface KernelParam {
  readonly name: string;
  /** Mode of the file in /sys/module/M/parameters; 0 for none. */
  readonly perm: number;
  readonly unsafe: boolean;
  readonly hwparam: boolean;
  /** What its set operation does. */
  readonly kind: ParamKind;
  /** What its get operation does; code of the module may stand behind one and not behind the other. */
  readonly getKind: ParamKind;
  /** Set by code that could not be evaluated: what the variable holds is not known any more. */
  valueUnknown: boolean;
  /** Address of the struct kernel_param. */
  readonly entry: bigint;
  /** Address of its set operation; 0 where the operations are in no memory we know. */
  readonly set: bigint;
  /** Address of the variable, array description or string description. */
  readonly arg: bigint;
  /** The ops struct says that the parameter may stand without a value. */
  readonly noArg: boolean;
}

/** What set and get of a parameter do; `custom` is code of the module itself or of a kernel function we do not know. */
export type ParamKind =
  /** `asChar`: before 3.15 sysfs shows a byte as a character. */
  | { readonly kind: 'integer'; readonly type: IntegerType; readonly asChar?: true }
  /** `wide`: the variable is an int, as before 3.3. */
  | { readonly kind: 'bool' | 'invbool'; readonly wide?: true }
  | { readonly kind: 'bint' | 'bool_enable_only' | 'charp' | 'string' | 'custom' }
  | { readonly kind: 'array'; readonly element: ParamKind; readonly array: ParamArray };

export type IntegerType = 'byte' | 'short' | 'ushort' | 'int' | 'uint' | 'long' | 'ulong' | 'ullong' | 'hexint';

/** struct kparam_array */
export interface ParamArray {
  readonly max: number;
  /** bytes from one element to the next */
  readonly elemsize: number;
  /** Address of the counter, 0 for none. */
  readonly num: bigint;
  readonly elem: bigint;
}

/** The loader's memory of a load: module memory, and strings the kernel allocates for charp parameters. */
export interface ParamMemory {
  read(address: bigint, size: number): bigint | null;
  write(address: bigint, size: number, value: bigint): boolean;
  readString(address: bigint): string | null;
  writeString(address: bigint, text: string): boolean;
  /** kmalloc_parameter() */
  allocate(text: string): bigint;
  readonly pointerSize: number;
}

/** Sets a parameter by code of the module: its errno, or, where that is not known, why; then nothing is changed. */
export type SetFunction<Load> = (
  load: Load,
  memory: ParamMemory,
  param: KernelParam,
  value: string | null,
) => number | Note;

/** Exported operations of the kernel by address: param_ops_*, and the functions param_set_* and param_get_*. */
export interface KnownParamOps {
  readonly ops: ReadonlyMap<bigint, string>;
  readonly set: ReadonlyMap<bigint, string>;
  readonly get: ReadonlyMap<bigint, string>;
}
