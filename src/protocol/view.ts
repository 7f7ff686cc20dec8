// What the document of a module asks for and is told: plain data between webview, extension and worker.
import type { Direction } from '../graph/types';
import type { Note } from '../findings/notes';
import type { LayoutModel, RelocationBytes, StepFinding, StepsModel } from '../report/view/types';
import type { AnalyseRequest, ExportReport, ModuleReport, ParameterReport, SymbolReport } from './analysis';
import type { GraphModel, GraphOverview } from './graph';

export type * from '../report/view/types';
export type * from '../linux/trace/types';
export type * from './graph';
export type { Direction };

/** One kernel the module is shown for. */
export interface TargetSummary {
  readonly path: string;
  readonly release: string;
  readonly verdict: LayoutModel['verdict'];
  readonly errno: number;
  readonly errnoName: string | null;
  /** The finding that ended the load; null when it loads. */
  readonly reason: StepFinding | null;
  readonly taints: string;
}

/** What is shown of a module before anything else, and the tables that do not depend on a walk. */
export interface ModuleSummary {
  readonly path: string;
  readonly name: string;
  /** Identity of the file's contents. */
  readonly stamp: string;
  /** Bytes of the file as it is on disk. */
  readonly fileSize: number;
  /** Why nothing can be shown; null normally. */
  readonly failure: Note | null;
  /** What the module depends on can be found here, and loaded first. */
  readonly needsFindable: boolean;
  readonly targets: readonly TargetSummary[];
  readonly missingTargets: ModuleReport['missingTargets'];
  /** As modinfo(8) lists them, in order. */
  readonly modinfo: readonly (readonly [field: string, value: string])[];
  /** The signature as modinfo(8) describes it; empty for an unsigned module. */
  readonly signature: readonly (readonly [field: string, value: string])[];
}

/** Tables of a module: its imports with what each kernel has for them, its exports, its parameters. */
export interface ModuleTables {
  readonly symbols: readonly SymbolReport[];
  readonly exports: readonly ExportReport[];
  /** By export: names of the modules that use it. */
  readonly users: readonly (readonly string[])[];
  /** By target, in the order of the summary; values are those after parsing the arguments. */
  readonly parameters: readonly (readonly ParameterRow[])[];
}

export interface ParameterRow extends ParameterReport {
  /** The value without arguments. */
  readonly defaultValue: string | null;
}

/** What in a module has a place in its source. */
export interface SourceSubject {
  readonly kind: 'section' | 'symbol' | 'parameter' | 'import' | 'export';
  readonly name: string;
  /** The section a symbol lies in, for local symbols of the same name; '' when it does not matter. */
  readonly section: string;
}

/** What the webview asks for, with its parameters and answers. `target` counts in the targets of the summary. */
export interface ViewMethods {
  readonly summary: { params: Record<string, never>; result: ModuleSummary };
  readonly layout: { params: { readonly target: number }; result: LayoutModel };
  readonly steps: { params: { readonly target: number }; result: StepsModel };
  readonly relocation: {
    params: { readonly target: number; readonly index: number };
    result: RelocationBytes | null;
  };
  readonly tables: { params: Record<string, never>; result: ModuleTables };
  readonly graph: {
    params: {
      readonly target: number;
      /** How many edges away from the module others are shown. */
      readonly depth: number;
      readonly direction: Direction;
      /** Name of another module in the middle, or `vmlinux`; null for the document's own. */
      readonly focus: string | null;
    };
    result: GraphModel;
  };
  readonly graphOverview: { params: { readonly target: number }; result: GraphOverview };
}

export type ViewMethod = keyof ViewMethods;

/** A request of a module's document as the worker takes it. */
export type ViewRequest = AnalyseRequest & {
  /** Directory in which sizes of earlier builds are kept; null to keep none. */
  readonly memory: string | null;
  /** Loads what the module depends on first, as modprobe would, from `known` and the target's own modules. */
  readonly withNeeds: boolean;
};

/** The tabs of the document. */
export const TABS = ['layout', 'steps', 'graph', 'symbols', 'parameters', 'modinfo', 'relocations'] as const;
export type Tab = (typeof TABS)[number];

/** What the webview asks for or wants done. */
export type FromView =
  | { readonly kind: 'ready' }
  /** A tab was shown or a symbol revealed, as asked; told once for each. */
  | { readonly kind: 'obeyed' }
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly method: ViewMethod;
      readonly params: unknown;
    }
  | { readonly kind: 'open-source'; readonly subject: SourceSubject }
  | { readonly kind: 'open-module'; readonly path: string }
  | { readonly kind: 'select-targets' }
  /** Whether what the module depends on is loaded first. */
  | { readonly kind: 'with-needs'; readonly on: boolean }
  | { readonly kind: 'copy'; readonly text: string }
  | {
      readonly kind: 'save';
      /** Proposed name, with its extension. */
      readonly name: string;
      readonly data: Uint8Array;
    };

/** What the webview hears. */
export type ToView =
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly reason: string }
  /** The module was built anew, or kernels changed: what is shown is old. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'show-tab'; readonly tab: Tab }
  /** Shows a symbol in the layout, as a position in the source asked for. */
  | { readonly kind: 'reveal'; readonly section: string; readonly symbol: string }
  /** More of the modules of a target has been read: graphs can be asked for again. */
  | { readonly kind: 'graph-progress'; readonly read: number; readonly total: number };
