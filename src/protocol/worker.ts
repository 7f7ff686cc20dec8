// How the extension talks to its worker thread: methods with their parameters and results, and the messages around them.
import type { Note } from '../findings/notes';
import type { Finding, LogLine, SourceLocation } from '../findings/types';
import type { Bundle } from '../findings/words';
import type { Matrix } from '../report/matrix/types';
import type { LoadResult } from '../report/types';
import type { AnalyseRequest, ModuleReport, SymbolInTarget, TargetChoice } from './analysis';
import type { BootEditorAnswer, BootEditorRequest, BootEvent } from './boot';
import type { BuildMessage } from './build';
import type { GraphModel, GraphOverview, GraphRequest, GraphScope } from './graph';
import type {
  LayoutModel,
  ModuleSummary,
  ModuleTables,
  RelocationBytes,
  SourceSubject,
  StepsModel,
  ViewRequest,
} from './view';

/** What an editor needs besides the report itself. */
export interface EditorReport extends ModuleReport {
  /** Identity of the file that was read: changes with every write. */
  readonly stamp: string;
  /** No target got as far as reading parameters: permissions and values of `parameters` are not known. */
  readonly parametersDeclaredOnly: boolean;
  /** In the order of `results`. */
  readonly traits: readonly TargetTraits[];
}

/** What an edit of the source has to know of a target. */
export interface TargetTraits {
  /** MODULE_IMPORT_NS() takes a string literal. */
  readonly namespaceIsString: boolean;
}

export interface EditorRequest extends AnalyseRequest {
  /** Directory in which sizes of builds are kept; null to keep none. */
  readonly memory: string | null;
  /** Stamp of the report already shown, or null to have a new one in any case. */
  readonly knownStamp: string | null;
}

/** `unchanged`: the file is still the one that was analysed last. */
export type EditorAnswer = { readonly kind: 'unchanged' } | { readonly kind: 'report'; readonly report: EditorReport };

/** A kernel that could be a target. */
export interface FoundTarget {
  readonly path: string;
  /** Null when only opening it would tell. */
  readonly release: string | null;
  /** Where it was found, for the person choosing. */
  readonly origin: 'chosen' | 'built against' | 'running kernel' | 'installed' | 'headers' | 'snapshot' | 'fetched';
}

/** One module of a modprobe, or the answer to an rmmod, on one target. */
export interface Step {
  /** The command line it stands for. */
  readonly command: string;
  readonly log: readonly LogLine[];
  readonly errno: number;
  readonly errnoName: string | null;
  /** insmod's, rmmod's or modprobe's own line; null when it prints none. */
  readonly toolLine: string | null;
  readonly result: LoadResult | null;
}

export interface TargetSteps {
  readonly target: TargetChoice;
  readonly release: string;
  readonly steps: readonly Step[];
  /** What could not be simulated. */
  readonly notes: readonly Note[];
}

/** What is wrong with one module parameter. */
export interface ArgumentProblem {
  readonly finding: Finding;
  /** The name is wrong, not the value. */
  readonly isName: boolean;
  readonly suggestion: string | null;
}

export interface ViewTarget {
  readonly request: ViewRequest;
  readonly target: number;
}

/** The matrix, and for each of its cells where the finding that refuses the module stands. */
export interface MatrixAnswer {
  readonly matrix: Matrix;
  /** By module and kernel; null for what has no place in a source that is there. */
  readonly places: readonly (readonly (SourceLocation | null)[])[];
  /** Kernels that could not be used, and modules that could not be read. */
  readonly unusable: readonly { readonly path: string; readonly reason: Note }[];
}

export interface WorkerMethods {
  readonly analyse: { params: EditorRequest; result: EditorAnswer };
  readonly insmod: { params: AnalyseRequest; result: ModuleReport };
  /** What a tool for language models answers; relative paths begin at `folder`. */
  readonly runTool: {
    params: {
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly folder: string | null;
    };
    result: string;
  };
  /** What a piece of a kernel log means, as Markdown; `request` is about the module it belongs to. */
  readonly explainLog: { params: { readonly log: string; readonly request: AnalyseRequest | null }; result: string };
  /** Names of modules that a piece of a kernel log is about, and whether it is about loading modules at all. */
  readonly modulesOfLog: {
    params: string;
    result: { readonly modules: readonly string[]; readonly recognized: boolean };
  };
  readonly rmmod: { params: AnalyseRequest; result: readonly TargetSteps[] };
  /** `known`: modules of the workspace, which may be what the module depends on. */
  readonly modprobe: { params: AnalyseRequest & { readonly known: readonly string[] }; result: readonly TargetSteps[] };
  /** One answer for each argument, null for one that is fine; `names` are the parameters the module declares. */
  readonly checkArguments: {
    params: { readonly request: AnalyseRequest; readonly args: readonly string[] };
    result: { readonly problems: readonly (ArgumentProblem | null)[]; readonly names: readonly string[] };
  };
  /** A place for each message that a build printed, null for one that has none. */
  readonly placesOfBuild: {
    params: { readonly directory: string; readonly messages: readonly BuildMessage[] };
    result: readonly (SourceLocation | null)[];
  };
  /** Writes compile_commands.json of a folder; how many sources are in it. */
  readonly writeCompileCommands: { params: string; result: number };
  readonly findTargets: {
    params: {
      readonly chosen: readonly string[];
      readonly modules: readonly string[];
      readonly snapshots: readonly string[];
    };
    result: readonly FoundTarget[];
  };
  /** What a module's document asks for; `target` counts in the targets of the summary. */
  readonly viewSummary: { params: ViewRequest; result: ModuleSummary };
  readonly viewLayout: { params: ViewTarget; result: LayoutModel };
  readonly viewSteps: { params: ViewTarget; result: StepsModel };
  readonly viewRelocation: { params: ViewTarget & { readonly index: number }; result: RelocationBytes | null };
  /** Without what only the other modules of the workspace say. */
  readonly viewTables: { params: ViewRequest; result: Omit<ModuleTables, 'users'> };
  /** Where something of a module stands in its source. */
  readonly locateSubject: {
    params: { readonly request: ViewRequest; readonly subject: SourceSubject };
    result: SourceLocation | null;
  };
  /** The symbol whose definition holds a line. */
  readonly symbolAt: {
    params: { readonly request: ViewRequest; readonly file: string; readonly line: number };
    result: { readonly section: string; readonly symbol: string } | null;
  };
  readonly lookupSymbol: {
    params: { readonly name: string; readonly targets: readonly TargetChoice[]; readonly modulePath: string | null };
    result: readonly SymbolInTarget[];
  };
  /** What is known now of the modules around one. The rest is read in the background, with `graph-progress` events. */
  readonly graph: { params: GraphRequest; result: GraphModel };
  /** What is known now of all modules; as for `graph`. */
  readonly graphOverview: { params: GraphScope; result: GraphOverview };
  /** Loads a module on a real kernel, with `console` events. */
  readonly boot: { params: BootEditorRequest; result: BootEditorAnswer };
  /** The same with a debugger that stops before init; answers when the machine has ended. */
  readonly debugBoot: { params: BootEditorRequest; result: null };
  /** Fetches a kernel by name, from a mirror or the machine's own sources of packages, with `download` events. */
  readonly fetchKernel: {
    params: { readonly name: string; readonly mirror: string | null };
    result: { readonly release: string; readonly warnings: readonly string[] };
  };
  /** Modules against kernels, the first failing check in each cell. */
  readonly matrix: { params: readonly AnalyseRequest[]; result: MatrixAnswer };
  /** What changed in the types of a symbol from one kernel to another, in lines. */
  readonly why: {
    params: { readonly symbol: string; readonly before: TargetChoice; readonly after: TargetChoice };
    result: readonly string[];
  };
  /** Directories whose modules are reported as `changed` events, and files (snapshots, Module.symvers) of targets. */
  readonly watch: {
    params: { readonly modules: readonly string[]; readonly targets: readonly string[] };
    result: null;
  };
}

export type Method = keyof WorkerMethods;

export type ToWorker =
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly method: Method;
      readonly params: unknown;
      /** Folders of the workspace. */
      readonly folders: readonly string[];
    }
  | { readonly kind: 'cancel'; readonly id: number }
  /** Translations for the texts it makes. */
  | { readonly kind: 'words'; readonly words: Bundle | undefined };

/**
 * `target-changed` carries the path of the target's file. `graph-progress` says how many module files of a target, named
 * by its path, were read for the graph; the last one has both numbers equal.
 */
export type WorkerEvent =
  | { readonly kind: 'module-changed'; readonly path: string }
  | { readonly kind: 'target-changed'; readonly path: string }
  | { readonly kind: 'graph-progress'; readonly path: string; readonly read: number; readonly total: number }
  | BootEvent
  /** Bytes of a file of a mirror. */
  | { readonly kind: 'download'; readonly file: string; readonly done: number; readonly total: number };

export type FromWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly reason: Note }
  | WorkerEvent;
