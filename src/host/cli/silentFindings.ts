// What the kernel's log leaves out.
import path from 'node:path';
import type { Finding } from '../../findings/types';
import type { LoadResult } from '../../index';
import { complain } from './output';

/** Findings that a person has to know: the rest is hints and notes. */
export const matters = ({ severity }: Finding): boolean => severity === 'error' || severity === 'warning';

/** Whether the kernel prints the line of a finding itself. */
function isInLog({ message }: Finding, { log }: LoadResult): boolean {
  const [first = ''] = message.split('\n');
  return log.some(({ text }) => visible(text).startsWith(visible(first)));
}

/** Control characters are escaped in one and not in the other. */
const visible = (text: string): string => text.replace(/\\x[0-9a-f]{2}|[\0-\x1f\x7f]/g, '');

/** What no kernel says, on standard error: a fault that the kernel does not check, or a refusal without a line. */
export function tellSilent(result: LoadResult, where: string): void {
  for (const finding of result.findings)
    if (matters(finding) && !isInLog(finding, result)) complain(`${finding.message}${where}`);
}

/** On standard error, where a file that was refused is one that modules are made from. */
export function tellUnbuilt({ module, verdict }: LoadResult): void {
  const [, name = '', kind = ''] = /^(.*?)(?:\.mod)?\.([cSo])$/.exec(path.basename(module.path)) ?? [];
  if (verdict !== 'refused' || name === '') return;
  const what = kind === 'o' ? 'an object that is not linked as a module yet' : 'source code';
  complain(`${module.path} is ${what}: build the module (make), and give its ${name}.ko`);
}
