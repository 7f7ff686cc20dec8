// Steps for the virtual machine, made of module files.
import { getModinfo, modinfoValues } from '../../../formats/ko/modinfo';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import { openObject } from '../../../formats/ko/objectFile';
import { O_NONBLOCK } from '../../../linux/kernel/module/deleteModule';
import type { LoadStep, RemoveStep } from './plan';

export interface LoadInput {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Byte string. */
  readonly args?: string;
  readonly flags?: number;
  readonly syscall?: 'finit_module' | 'init_module';
  /** What the kernel will call it, where that is known already. */
  readonly name?: string;
  /** Whether everything that can be seen of it is wanted. */
  readonly isAsked?: boolean;
}

/** The module may be broken on purpose: sections and parameters that cannot be read from it are not asked for. */
export function loadStep(input: LoadInput): LoadStep {
  const { path, bytes, args = '', flags = 0, syscall = 'finit_module', isAsked = true } = input;
  const object = openObject(bytes);
  const modinfo = object?.sections.find('.modinfo')?.bytes ?? new Uint8Array(0);
  return {
    op: 'insmod',
    path,
    bytes,
    args,
    flags,
    syscall,
    name: input.name ?? getModinfo(modinfo, 'name') ?? moduleNameOfPath(path),
    sections: isAsked ? [...new Set(object?.sectionNames)].filter(isName).slice(0, MOST_SECTIONS) : [],
    params: isAsked
      ? modinfoValues(modinfo, 'parmtype')
          .map(value => value.split(':', 1)[0] ?? '')
          .filter(isName)
      : [],
  };
}

/** More than any module that is not broken has by far. */
const MOST_SECTIONS = 1000;

/** What can be the name of a file. */
const isName = (name: string): boolean => name !== '' && !name.includes('/') && !name.includes('\n');

/** As rmmod and modprobe remove a module. */
export function removeStep(name: string): RemoveStep {
  return { op: 'rmmod', name, flags: O_NONBLOCK };
}
