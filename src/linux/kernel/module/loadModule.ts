// load_module() (kernel/module/main.c): one file, one kernel, one answer; the kernel's own steps in its own order.
import { note } from '../../../findings/notes';
import { nothingToDo } from '../../arch/arch';
import type { Features } from '../../features';
import { paramMemory } from '../params/paramMemory';
import { parseArgs } from '../params/parseArgs';
import { readParams } from '../params/readParams';
import type { ParamMemory } from '../params/types';
import { applyRelocations } from './applyRelocations';
import { checkBlacklist } from './blacklisted';
import { checkExportSymbolVersions } from './checkExportSymbolVersions';
import { checkModinfo } from './checkModinfo';
import { checkModstructVersion } from './checkModstructVersion';
import { freeModule } from './deleteModule';
import { doInitModule } from './doInitModule';
import { elfValidityCheck } from './elfValidityCheck';
import { findModuleSections } from './findModuleSections';
import { layoutAndAllocate } from './layoutAndAllocate';
import { mayInitModule } from './mayInitModule';
import { ModuleMemory } from './memory';
import { augmentKernelTaints, taintUnsigned } from './moduleAugmentKernelTaints';
import { moduleEnforceRwxSections } from './moduleEnforceRwxSections';
import { collectExports, exportsByName } from './moduleExports';
import { modulePatientCheckExists } from './modulePatientCheckExists';
import { moduleSigCheck } from './moduleSigCheck';
import { modSysfsSetup } from './modSysfsSetup';
import { percpuModalloc } from './percpuModalloc';
import { prepareComingModule } from './prepareComingModule';
import { rewriteSectionHeaders } from './rewriteSectionHeaders';
import { setupLoadInfo } from './setupLoadInfo';
import { setupModinfo } from './setupModinfo';
import { loadedSymtab, simplifySymbols } from './simplifySymbols';
import { hasModuleFunction, nameField } from './thisModule';
import type { Errno, Load, Stage } from './types';
import { verifyExportedSymbols } from './verifyExportedSymbols';

/** enum module_state */
const MODULE_STATE_UNFORMED = 3;

/** How a load ended. */
export interface LoadOutcome {
  /** Everything up to running init went well. */
  readonly loads: boolean;
  readonly errno: Errno;
  /** Memory the parameters live in, once there is some. */
  readonly params: ParamMemory | null;
}

/** Runs one stage under the name of the kernel's function; a stage that was not checked says so itself. */
function runStage(load: Load, name: string, body: (load: Load) => Errno | void): Errno {
  const stage: Stage = { name, outcome: 'passed', notes: [] };
  load.stages.push(stage);
  load.observer?.stageBegins(load, name);
  const errno = body(load) ?? 0;
  if (errno !== 0) stage.outcome = 'refused';
  load.observer?.stageEnds(load, stage);
  return errno;
}

/** Loads `load.info.bytes` into the machine, or leaves the machine as the refused load would. */
export function loadModule(load: Load): LoadOutcome {
  const refused = (errno: Errno, params: ParamMemory | null = null): LoadOutcome => ({ loads: false, errno, params });

  const early = beforeMemory(load);
  if (early !== 0) return refused(early);
  // From here on every allocated section has an address.
  const listed = addToList(load);
  if (listed !== 0) return refused(listed);
  // From here on the name is taken, and whatever fails has to give it back.
  const memory = new ModuleMemory(load.regions, load.features.littleEndian);
  const params = paramMemory(memory, load.features.is64 ? 8 : 4, load.arch.addresses.heap);
  const formed = formModule(load, memory, params);
  load.dependsOn = load.mod.uses.map(used => used.name);
  if (formed !== 0) {
    unwind(load);
    return refused(formed, params);
  }
  const errno = runStage(load, 'do_init_module', doInitModule);
  if (errno !== 0) unwind(load);
  else keep(load);
  return { loads: true, errno, params };
}

/** Until memory is allocated nothing is left behind but log lines and, up to 6.5, taints. */
function beforeMemory(load: Load): Errno {
  const { features } = load;
  const cache = features.elfChecks === 'unique-sections' || features.elfChecks === 'string-tables';
  return (
    runStage(load, load.options.syscall, mayInitModule) ||
    runStage(load, 'module_sig_check', moduleSigCheck) ||
    (cache
      ? runStage(load, 'elf_validity_cache_copy', l => elfValidityCheck(l) || setupLoadInfo(l))
      : runStage(load, 'elf_validity_check', elfValidityCheck) || runStage(load, 'setup_load_info', setupLoadInfo)) ||
    runStage(load, 'blacklisted', checkBlacklist) ||
    runStage(load, 'rewrite_section_headers', rewriteSectionHeaders) ||
    runStage(load, 'check_modstruct_version', checkModstructVersion) ||
    runStage(load, 'check_modinfo', checkModinfo) ||
    (features.earlyExistsCheck ? runStage(load, 'module_patient_check_exists', modulePatientCheckExists) : 0) ||
    frobArchSections(load) ||
    runStage(load, 'module_enforce_rwx_sections', moduleEnforceRwxSections) ||
    runStage(load, 'layout_and_allocate', layoutAndAllocate)
  );
}

/** module_frob_arch_sections() of architectures that have one. */
function frobArchSections(load: Load): Errno {
  const { frobArchSections: frob } = load.arch;
  return frob === null || frob === nothingToDo ? 0 : runStage(load, 'module_frob_arch_sections', frob);
}

/** module_finalize(), the end of post_relocation(), of architectures that have one. */
function moduleFinalize(load: Load): Errno {
  const { moduleFinalize: finalize } = load.arch;
  return finalize === nothingToDo || load.unchecked ? 0 : runStage(load, 'module_finalize', finalize);
}

/** add_unformed_module() and the taints that follow. */
function addToList(load: Load): Errno {
  const taken = runStage(load, 'add_unformed_module', modulePatientCheckExists);
  if (taken !== 0) return taken;
  load.machine.modules.unshift(load.mod);
  markUnformed(load);
  if (load.features.earlyExistsCheck) runStage(load, 'module_augment_kernel_taints', augmentKernelTaints);
  else taintUnsigned(load);
  return 0;
}

/** From here on struct module begins with a state and the links of a list, as relocations into it would find out. */
function markUnformed({ info, features }: Load): void {
  const place = info.sechdrs[info.index.mod]?.place;
  if (!place) return;
  const { offset, region } = place;
  const links = region.image.subarray(offset, offset + nameField(features.is64).offset);
  links.fill(0xff);
  // Sections that overlap may leave no room behind the last region.
  if (links.length >= 4)
    links.set(features.littleEndian ? [MODULE_STATE_UNFORMED, 0, 0, 0] : [0, 0, 0, MODULE_STATE_UNFORMED]);
}

/** From a listed module to one whose init could run. */
function formModule(load: Load, memory: ModuleMemory, params: ParamMemory): Errno {
  const { mod, features } = load;
  const symtab = loadedSymtab(load);
  return (
    runStage(load, 'percpu_modalloc', percpuModalloc) ||
    runStage(load, 'find_module_sections', findModuleSections) ||
    runStage(load, checkExportsName(features), checkExportSymbolVersions) ||
    runStage(load, 'setup_modinfo', setupModinfo) ||
    runStage(load, 'simplify_symbols', l => simplifySymbols(l, symtab)) ||
    runStage(load, 'apply_relocations', l => applyRelocations(l, symtab)) ||
    runStage(load, 'post_relocation', l => postRelocation(l, memory)) ||
    moduleFinalize(load) ||
    runStage(load, 'complete_formation', l => {
      const errno = verifyExportedSymbols(l);
      if (errno === 0) mod.state = 'coming';
      return errno;
    }) ||
    runStage(load, 'prepare_coming_module', prepareComingModule) ||
    runStage(load, 'parse_args', l => parseArgs(l, params, mod.params)) ||
    runStage(load, 'mod_sysfs_setup', modSysfsSetup)
  );
}

/** post_relocation(): from here on the contents are those the module will run with, patches of alternatives aside. */
function postRelocation(load: Load, memory: ModuleMemory): void {
  const { mod, observer } = load;
  mod.hasInit = hasModuleFunction(load, memory, 'init');
  mod.hasExit = hasModuleFunction(load, memory, 'exit');
  if (load.relocated) {
    mod.exports = collectExports(load, memory);
    mod.params = readParams(load, memory);
  } else {
    mod.exports = exportsByName(load);
    load.notChecked(note('parameters-not-read'));
  }
  observer?.checked('init', mod.hasInit ? note('set') : note('not-set'));
  observer?.checked(
    'exit',
    mod.hasExit ? note('set') : note('not-set'),
    mod.hasExit || !mod.hasInit ? '' : note('not-removable'),
  );
  observer?.checked('parameters', mod.params.length);
}

function checkExportsName(features: Features): string {
  if (features.exportFlags) return 'check_export_symbol_sections';
  return features.earlyExistsCheck ? 'check_export_symbol_versions' : 'check_module_license_and_versions';
}

/** Gives back the name and what the module used; taints and log lines stay. */
function unwind(load: Load): void {
  freeModule(load.machine, load.mod);
}

/** Once init has run, init memory is given back and the module is as big as its core. */
function keep(load: Load): void {
  const { mod } = load;
  mod.regions = load.regions.filter(region => !region.init);
  mod.coresize = load.coresize;
  mod.initsize = 0;
}
