// What each stage checked and with what values, told from the state it left. Decides nothing: verdicts are the stages'.
import { codeOf, describe } from '../../../findings/all';
import { note } from '../../../findings/notes';
import type { Load, Stage } from '../../kernel/module/types';
import type { Check } from '../types';
import { check } from './check';
import { elfHeader, loadInfo, signature, systemCall } from './entry';
import { blacklist, modinfo, modstructVersion, nameTaken, rewrittenHeaders, tainting } from './identity';
import {
  exportedSymbols,
  exportTables,
  modinfoFields,
  relocatedModule,
  relocationSections,
  undefinedSymbols,
} from './linking';
import { layout, percpu, rwxSections, specialSections } from './memory';
import { init, notifiers, parameters, sysfs } from './running';

type Narrator = (load: Load) => Check[];

/** By the name of the stage; one without an entry has nothing to show but its outcome. */
const NARRATORS: Readonly<Record<string, Narrator>> = {
  finit_module: systemCall,
  init_module: systemCall,
  module_sig_check: signature,
  elf_validity_check: elfHeader,
  setup_load_info: loadInfo,
  elf_validity_cache_copy: load => [...elfHeader(load), ...(load.info.index.mod > 0 ? loadInfo(load) : [])],
  blacklisted: blacklist,
  rewrite_section_headers: rewrittenHeaders,
  check_modstruct_version: modstructVersion,
  check_modinfo: modinfo,
  module_patient_check_exists: nameTaken,
  module_enforce_rwx_sections: rwxSections,
  layout_and_allocate: layout,
  add_unformed_module: nameTaken,
  module_augment_kernel_taints: tainting,
  percpu_modalloc: percpu,
  find_module_sections: specialSections,
  check_module_license_and_versions: exportTables,
  check_export_symbol_versions: exportTables,
  check_export_symbol_sections: exportTables,
  setup_modinfo: modinfoFields,
  simplify_symbols: undefinedSymbols,
  apply_relocations: relocationSections,
  post_relocation: relocatedModule,
  complete_formation: exportedSymbols,
  prepare_coming_module: notifiers,
  parse_args: parameters,
  mod_sysfs_setup: sysfs,
  do_init_module: init,
};

/** What refused a load is always among them: where no value tells it, the finding does. */
export function checksOf(load: Load, stage: Stage): Check[] {
  const checks = NARRATORS[stage.name]?.(load) ?? [];
  if (stage.outcome !== 'refused' || checks.some(({ ok }) => ok === false)) return checks;
  const finding = load.findings.filter(found => found.stage === stage.name).at(-1);
  const what = finding ? codeOf(finding) : stage.name;
  // A sentence of ours stands with the finding itself.
  const line = finding && !finding.definition.message ? describe(finding, stage.name).message : note('refused');
  return [...checks, check(what, line, '', false)];
}
