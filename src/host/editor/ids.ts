// Every id that package.json declares, in one place; a test holds the two together.
import type { Uri } from 'vscode';

/** What a command is called with: a module's file, an item of the tree, or nothing for the active module. */
export type ModuleArgument =
  | Uri
  | {
      readonly modulePath: string;
      /** Module parameters; without them a simulation asks. */
      readonly args?: string;
    }
  | undefined;

/** A symbol whose checksum differs between two kernels, named by their targets. */
export interface VersionChange {
  readonly symbol: string;
  readonly before: string;
  readonly after: string;
}

/** Commands with the types of their arguments. */
export interface CommandArguments {
  'insmodLens.simulateInsmod': [module?: ModuleArgument];
  'insmodLens.simulateRmmod': [module?: ModuleArgument];
  'insmodLens.simulateModprobe': [module?: ModuleArgument];
  'insmodLens.loadOnKernel': [module?: ModuleArgument];
  'insmodLens.debugOnKernel': [module?: ModuleArgument];
  'insmodLens.showSymbolVersions': [module?: ModuleArgument];
  'insmodLens.showLayout': [module?: ModuleArgument];
  'insmodLens.showDependencies': [module?: ModuleArgument];
  'insmodLens.revealInLayout': [];
  'insmodLens.explain': [module?: ModuleArgument];
  'insmodLens.explainLog': [log?: string];
  'insmodLens.showPage': [code?: string];
  'insmodLens.selectTargets': [];
  'insmodLens.matrix': [module?: ModuleArgument];
  'insmodLens.why': [change?: VersionChange];
  'insmodLens.copyInsmodScript': [module?: ModuleArgument];
  'insmodLens.build': [module?: ModuleArgument];
  'insmodLens.compileCommands': [];
  'insmodLens.refresh': [];
  'insmodLens.openSample': [];
  'insmodLens.openSource': [module?: ModuleArgument];
  'insmodLens.filterModules': [];
  'insmodLens.clearFilter': [];
  'insmodLens.groupByFolder': [];
  'insmodLens.checkAll': [];
}

export type CommandId = keyof CommandArguments;

export const COMMANDS: readonly CommandId[] = [
  'insmodLens.simulateInsmod',
  'insmodLens.simulateRmmod',
  'insmodLens.simulateModprobe',
  'insmodLens.loadOnKernel',
  'insmodLens.debugOnKernel',
  'insmodLens.showSymbolVersions',
  'insmodLens.showLayout',
  'insmodLens.showDependencies',
  'insmodLens.revealInLayout',
  'insmodLens.explain',
  'insmodLens.explainLog',
  'insmodLens.showPage',
  'insmodLens.selectTargets',
  'insmodLens.matrix',
  'insmodLens.why',
  'insmodLens.copyInsmodScript',
  'insmodLens.build',
  'insmodLens.compileCommands',
  'insmodLens.refresh',
  'insmodLens.openSample',
  'insmodLens.openSource',
  'insmodLens.filterModules',
  'insmodLens.clearFilter',
  'insmodLens.groupByFolder',
  'insmodLens.checkAll',
];

/** Settings below `insmodLens`, with the types of their values. */
export interface Settings {
  targets: readonly string[];
  snapshots: readonly string[];
  parameters: Readonly<Record<string, string>>;
  cmdline: string;
  loaded: readonly string[];
  severities: Readonly<Record<string, string>>;
  codeLens: boolean;
  buildOnSave: boolean;
  compileCommands: boolean;
  maxModules: number;
  qemu: string;
  mirror: string;
}

export const SECTION = 'insmodLens';

/** The values package.json gives as defaults. */
export const DEFAULTS: Settings = {
  targets: [],
  snapshots: ['**/*kernel.json', '**/*kernel.json.gz', '**/*kernel.json.br'],
  parameters: {},
  cmdline: '',
  loaded: [],
  severities: {},
  codeLens: true,
  buildOnSave: false,
  compileCommands: false,
  maxModules: 500,
  qemu: '',
  mirror: '',
};

export const VIEW = 'insmodLens.modules';
/** The read-only editor of modules. */
export const MODULE_EDITOR = 'insmodLens.module';
/** Pages that show one answer, by what they are about. */
export const REPORT_PAGES = { boot: 'insmodLens.bootPage', matrix: 'insmodLens.matrixPage' } as const;
export const TASK_TYPE = 'insmod-lens';
/** Set while the active editor shows a source of a known module. */
export const CONTEXT_MODULE_OF_EDITOR = 'insmodLens.moduleOfEditor';
/** Set while there is a module to run a command on. */
export const CONTEXT_HAS_MODULES = 'insmodLens.hasModules';
/** Set while the view shows only some of the modules. */
export const CONTEXT_FILTERED = 'insmodLens.filtered';
/** Scheme of the read-only documents. */
export const DOCUMENT_SCHEME = 'insmod-lens';
/** Tools for language models; their descriptions in package.json are those of node/tools/definitions.ts. */
export const LANGUAGE_MODEL_TOOLS: readonly string[] = [
  'check_module_load',
  'explain_module_finding',
  'explain_kernel_log',
];
