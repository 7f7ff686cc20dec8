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
import { augmentKernelTaints, taintByName, taintsAfterLivepatch, taintUnsigned } from './moduleAugmentKernelTaints';
import { moduleEnforceRwxSections } from './moduleEnforceRwxSections';
import { collectExports, exportsByName } from './moduleExports';
import { modulePatientCheckExists } from './modulePatientCheckExists';
import { moduleSigCheck } from './moduleSigCheck';
import { modSysfsInit, modSysfsSetup } from './modSysfsSetup';
import { percpuModalloc } from './percpuModalloc';
import { prepareComingModule } from './prepareComingModule';
import { rewriteSectionHeaders } from './rewriteSectionHeaders';
import { setupLoadInfo } from './setupLoadInfo';
import { setupModinfo } from './setupModinfo';
import { loadedSymtab, simplifySymbols } from './simplifySymbols';
import { hasModuleFunction, nameField } from './thisModule';
import type { Symtab } from './symtab';
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

/** What stages work on once the module has memory. */
interface Forming {
  readonly memory: ModuleMemory;
  readonly params: ParamMemory;
  readonly symtab: Symtab;
}

/** A stage under the name of the kernel's function, and where there are kernels or architectures without it, when it is run. */
interface Step<Context> {
  readonly name: string | ((load: Load) => string);
  readonly when?: (load: Load) => boolean;
  /** It refuses a module as a whole, and what follows can be looked at all the same. */
  readonly passable?: true;
  readonly run: (load: Load, context: Context) => Errno | void;
}

const nameOf = (load: Load, { name }: Pick<Step<never>, 'name'>): string =>
  typeof name === 'string' ? name : name(load);

/** Runs stages until one refuses; a stage that was not checked says so itself. */
function runStages<Context>(load: Load, steps: readonly Step<Context>[], context: Context): Errno {
  for (const step of steps) {
    if (step.when && !step.when(load)) continue;
    const stage: Stage = { name: nameOf(load, step), outcome: 'passed', notes: [] };
    load.stages.push(stage);
    load.observer?.stageBegins(load, stage.name);
    const errno = step.run(load, context) ?? 0;
    if (errno !== 0) stage.outcome = 'refused';
    load.observer?.stageEnds(load, stage);
    if (errno !== 0 && !(load.options.goOn && step.passable)) return errno;
  }
  return 0;
}

/** Loads `load.info.bytes` into the machine, or leaves the machine as the refused load would. */
export function loadModule(load: Load): LoadOutcome {
  const refused = (errno: Errno, params: ParamMemory | null = null): LoadOutcome => {
    load.observer?.notReached(stagesAfter(load));
    return { loads: false, errno, params };
  };

  const early = runStages(load, BEFORE_MEMORY, null);
  if (early !== 0) return refused(early);
  // From here on every allocated section has an address.
  const listed = runStages(load, LISTING, null);
  if (listed !== 0) return refused(listed);
  // From here on the name is taken, and whatever fails has to give it back.
  const memory = new ModuleMemory(load.regions, load.features.littleEndian);
  const params = paramMemory(memory, load.features.is64 ? 8 : 4, load.features.addresses.heap);
  const formed = runStages(load, FORMING, { memory, params, symtab: loadedSymtab(load) });
  load.dependsOn = load.mod.uses.map(used => used.name);
  if (formed !== 0) {
    unwind(load);
    return refused(formed, params);
  }
  const errno = runStages(load, RUNNING, null);
  if (errno !== 0) unwind(load);
  else keep(load);
  return { loads: true, errno, params };
}

/** Names of the stages that would have followed the one that refused. */
function stagesAfter(load: Load): string[] {
  const all = [...BEFORE_MEMORY, ...LISTING, ...FORMING, ...RUNNING].filter(({ when }) => !when || when(load));
  const names = all.map(step => nameOf(load, step));
  return names.slice(names.indexOf(load.stages.at(-1)?.name ?? '') + 1);
}

/** Whether elf_validity_check() and setup_load_info() are one function. */
const copiesInfo = ({ features: { elfChecks } }: Load): boolean =>
  elfChecks === 'unique-sections' || elfChecks === 'cached';

/** Until memory is allocated nothing is left behind but log lines and, up to 6.5, taints. */
const BEFORE_MEMORY: readonly Step<null>[] = [
  { name: load => load.options.syscall, run: mayInitModule },
  { name: 'module_sig_check', run: moduleSigCheck, passable: true },
  { name: 'elf_validity_cache_copy', when: copiesInfo, run: load => elfValidityCheck(load) || setupLoadInfo(load) },
  { name: elfCheckName, when: load => !copiesInfo(load), run: elfValidityCheck },
  { name: 'setup_load_info', when: load => !copiesInfo(load), run: setupLoadInfo },
  { name: 'blacklisted', run: checkBlacklist, passable: true },
  { name: 'rewrite_section_headers', run: rewriteSectionHeaders },
  { name: 'check_modstruct_version', run: checkModstructVersion, passable: true },
  { name: 'check_modinfo', run: checkModinfo, passable: true },
  {
    name: 'module_patient_check_exists',
    when: ({ features }) => features.earlyExistsCheck,
    run: modulePatientCheckExists,
  },
  { name: 'find_module', when: isOneFunction, run: modulePatientCheckExists },
  {
    name: 'module_frob_arch_sections',
    when: ({ arch }) => arch.frobArchSections !== null && arch.frobArchSections !== nothingToDo,
    run: load => load.arch.frobArchSections?.(load),
  },
  { name: 'module_enforce_rwx_sections', run: moduleEnforceRwxSections },
  { name: 'layout_and_allocate', run: layoutAndAllocate },
];

/** add_unformed_module() and the taints that follow. */
const LISTING: readonly Step<null>[] = [
  { name: 'add_unformed_module', when: isListedEarly, run: addUnformedModule },
  { name: 'sig_ok', when: load => !isListedEarly(load) && load.features.moduleSig, run: taintUnsigned },
  {
    name: 'module_augment_kernel_taints',
    when: ({ features }) => features.earlyExistsCheck,
    run: augmentKernelTaints,
  },
];

function addUnformedModule(load: Load): Errno {
  const taken = modulePatientCheckExists(load);
  if (taken !== 0) return taken;
  load.machine.modules.unshift(load.mod);
  markUnformed(load);
  if (!load.features.earlyExistsCheck) taintUnsigned(load);
  return 0;
}

/** From here on struct module begins with a state and the links of a list, as relocations into it would find out. */
function markUnformed({ info, features }: Load): void {
  const place = info.sechdrs[info.index.mod]?.place;
  if (!place) return;
  const { offset, region } = place;
  const start = region.image.subarray(offset, offset + nameField(features.is64).offset);
  // Pointers of the list stand at the next multiple of their size.
  start.subarray(features.is64 ? 8 : 4).fill(0xff);
  // Sections that overlap may leave no room behind the last region.
  if (start.length >= 4)
    start.set(features.littleEndian ? [MODULE_STATE_UNFORMED, 0, 0, 0] : [0, 0, 0, MODULE_STATE_UNFORMED]);
}

/** From a listed module to one whose init could run. */
const FORMING: readonly Step<Forming>[] = [
  { name: 'percpu_modalloc', run: percpuModalloc },
  { name: 'mod_sysfs_init', when: isOneFunction, run: modSysfsInit },
  { name: 'set_license', when: isOneFunction, run: setLicense },
  { name: 'find_module_sections', when: load => !isOneFunction(load), run: findModuleSections },
  {
    name: ({ features }) => checkExportsName(features),
    when: load => !isOneFunction(load),
    run: checkExportSymbolVersions,
  },
  { name: 'setup_modinfo', run: setupModinfo },
  { name: 'simplify_symbols', run: (load, { symtab }) => simplifySymbols(load, symtab) },
  // Up to 2.6.35 optional sections are looked for last of all.
  { name: 'find_module_sections', when: isOneFunction, run: findModuleSections },
  { name: 'check_versions_of_exports', when: isOneFunction, run: checkExportSymbolVersions },
  { name: 'apply_relocations', run: (load, { symtab }) => applyRelocations(load, symtab) },
  { name: 'post_relocation', run: (load, { memory }) => postRelocation(load, memory) },
  {
    // The end of post_relocation(), of architectures that have one.
    name: 'module_finalize',
    when: load => load.arch.moduleFinalize !== nothingToDo && load.unchecked.length === 0,
    run: load => load.arch.moduleFinalize(load),
  },
  { name: 'complete_formation', when: isListedEarly, run: completeFormation },
  { name: 'list_add', when: load => !isListedEarly(load), run: listAdd },
  // Up to 3.8 notifiers run after load_module(), and none of them can refuse the module.
  { name: 'prepare_coming_module', when: isListedEarly, run: prepareComingModule },
  { name: 'parse_args', run: (load, { params }) => parseArgs(load, params, load.mod.params) },
  { name: 'mod_sysfs_setup', run: modSysfsSetup },
];

const RUNNING: readonly Step<null>[] = [
  {
    name: ({ features }) => (features.rows.has('initInItsOwnFunction') ? 'do_init_module' : 'sys_init_module'),
    run: doInitModule,
  },
];

/** Up to 2.6.35 load_module() is one function, which asks some things in another order. */
function isOneFunction({ features }: Load): boolean {
  return !features.rows.has('loadInfo');
}

/** Since 3.9 the name is taken as soon as the module has memory. */
function isListedEarly({ features }: Load): boolean {
  return features.rows.has('listedEarly');
}

function elfCheckName({ features: { elfChecks, rows } }: Load): string {
  if (elfChecks !== 'classic') return 'elf_validity_check';
  return rows.has('signatures') ? 'elf_header_check' : 'copy_and_check';
}

/** set_license(), and the modules that are known by name. */
function setLicense(load: Load): void {
  taintsAfterLivepatch(load);
  taintByName(load, true);
}

/** Up to 3.8: names of modules and of exports are compared once the module is ready to be listed. */
function listAdd(load: Load): Errno {
  const taken = isOneFunction(load) ? 0 : modulePatientCheckExists(load);
  const errno = taken || verifyExportedSymbols(load);
  if (errno !== 0) return errno;
  load.machine.modules.unshift(load.mod);
  load.mod.state = 'coming';
  return 0;
}

function completeFormation(load: Load): Errno {
  const errno = verifyExportedSymbols(load);
  if (errno === 0) load.mod.state = 'coming';
  return errno;
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
