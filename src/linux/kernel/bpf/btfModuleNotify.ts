// btf_module_notify() (kernel/bpf/btf.c): a module that comes brings its types along, which may refuse it.
import { btfMismatch } from '../../../findings/btfMismatch';
import { note } from '../../../findings/notes';
import { uncheckedField } from '../../../findings/uncheckedField';
import { findAnySec, sectionBytes } from '../module/loadInfo';
import type { Errno, Load } from '../module/types';
import { btfFormat } from './format';
import { parseModuleBtf } from './parseModule';

const BTF_UNKNOWN = note('btf-unknown');

/** MODULE_STATE_COMING of btf_module_notify(). */
export function btfModuleNotify(load: Load): Errno {
  const { info, features, facts } = load;
  if (!features.btfModules) return 0;
  const bytes = sectionBytes(info, findAnySec(info, '.BTF'));
  if (bytes.length === 0) return 0;
  const index = features.btfBase ? findAnySec(info, '.BTF.base') : 0;
  const base = index === 0 ? null : sectionBytes(info, index);
  const allowed = features.btfMismatchAllowed;
  const quiet = allowed && features.btfMismatchToldOnce;
  const verdict = parseModuleBtf({ bytes, base, vmlinux: facts.btf }, btfFormat(features), quiet);
  const { errno, complaints, warnings } = verdict;
  if (!verdict.complete) load.notChecked(BTF_UNKNOWN);
  if (verdict.lost !== null) load.report(uncheckedField, { field: note('btf-lost', { id: verdict.lost }) });
  if (errno === 0) return 0;
  load.report(btfMismatch, {
    module: load.mod.name,
    errno,
    complaints,
    warnings,
    spaced: features.rows.has('btfLogSpaced'),
    allowed,
    toleratedOnce: features.btfMismatchToldOnce,
    toldBefore: load.machine.printed.has('btf-mismatch'),
  });
  load.machine.printed.add('btf-mismatch');
  return allowed ? 0 : errno;
}
