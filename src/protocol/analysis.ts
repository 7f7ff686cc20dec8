// What the extension asks its worker about a built module, and what it hears. Plain data: it crosses threads.
import type { Note } from '../findings/notes';
import type { Finding, SourceLocation } from '../findings/types';
import type { ExportType } from '../formats/ko/exports';
import type { LoadResult, NeedResult } from '../report/types';

/** A kernel to hold a module against: a path as `--kernel` takes it. */
export interface TargetChoice {
  readonly path: string;
  /** Directory of the kernel's own modules, when the path does not lead to it. */
  readonly modules?: string;
}

export interface AnalyseRequest {
  /** The built module. */
  readonly path: string;
  readonly targets: readonly TargetChoice[];
  /** Module parameters, as one string. */
  readonly args: string;
  /** Kernel command line of the simulated machines. */
  readonly cmdline: string;
  /** Files of modules that are loaded first, in order. */
  readonly loaded: readonly string[];
  /** Files of modules that were built here; what the module needs is looked for among them. */
  readonly known?: readonly string[];
}

/** Why there is no analysis. `changed` means that the file was rewritten while it was read: ask again. */
export type AnalyseFailure =
  { readonly kind: 'unreadable'; readonly reason: Note } | { readonly kind: 'changed'; readonly reason: Note };

export interface ModuleReport {
  readonly path: string;
  readonly name: string;
  readonly failure: AnalyseFailure | null;
  /** One for each target that could be opened, in the order asked for. */
  readonly results: readonly TargetResult[];
  /** Targets that could not be opened. */
  readonly missingTargets: readonly { readonly path: string; readonly reason: Note }[];
  /** What the module says of itself, whatever the kernel: layout hints, references from CORE to INIT. */
  readonly hints: readonly Finding[];
  readonly symbols: readonly SymbolReport[];
  readonly exports: readonly ExportReport[];
  readonly parameters: readonly ParameterReport[];
  readonly anchors: Anchors;
  /** Where module_init() stands, if that is known. */
  readonly initLocation: SourceLocation | null;
  /** Source files the module was built from, absolute, as far as they are known. */
  readonly sources: readonly string[];
  /** Those that are newer than the module: positions in them are those of the last build. */
  readonly staleSources: readonly string[];
  /** Texts that places count in, by file, as they were when the report was made. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Places for findings that have none of their own. */
export interface Anchors {
  /** MODULE_LICENSE in the first source that has one. */
  readonly license: SourceLocation | null;
  /** module_init or another initcall. */
  readonly init: SourceLocation | null;
  /** The line of the Makefile or Kbuild that names the kernel or the module. */
  readonly makefile: SourceLocation | null;
  readonly firstSource: string | null;
}

export interface ExportReport {
  readonly name: string;
  readonly type: ExportType;
  readonly namespace: string | null;
  /** 0x and eight digits; null without one. */
  readonly crc: string | null;
}

export interface TargetResult {
  readonly target: TargetChoice;
  readonly release: string;
  /** Findings in it have their `locations`. */
  readonly result: LoadResult;
  readonly sizes: LayoutSizes;
  /** What was loaded before it because it needs it, in order. */
  readonly needs: readonly NeedResult[];
  /** Modules that its depends= names and that are nowhere. */
  readonly absent: readonly string[];
}

/** Bytes of module memory by use. */
export interface LayoutSizes {
  readonly coreText: number;
  readonly coreRo: number;
  readonly coreRw: number;
  readonly core: number;
  readonly init: number;
}

/** A symbol the module imports or exports. */
export interface SymbolReport {
  readonly name: string;
  readonly role: 'import' | 'export';
  /** CRC the module was built with (import) or provides (export), as 0x and eight digits; null without one. */
  readonly crc: string | null;
  readonly targets: readonly SymbolInTarget[];
  /** Where it is used or defined. */
  readonly locations: readonly SourceLocation[];
}

export interface SymbolInTarget {
  readonly release: string;
  /** `vmlinux` or the exporting module; null when the target does not export it. */
  readonly owner: string | null;
  readonly crc: string | null;
  /** EXPORT_SYMBOL, EXPORT_SYMBOL_GPL ... */
  readonly type: string | null;
  readonly namespace: string | null;
  readonly namespaceImported: boolean;
  /** Status of the import on that target, e.g. `ok`, `version`, `missing`; null for an export of this module. */
  readonly status: string | null;
  /** File of the exporting module, where that is one that was built here. */
  readonly file: string | null;
  /** Line of Module.symvers that lists it; null where the kernel has no such file, and for modules built here. */
  readonly row: SourceLocation | null;
}

export interface ParameterReport {
  readonly name: string;
  readonly type: string;
  readonly perm: number;
  /** Default value as sysfs would print it, or null when only the module's own code knows. */
  readonly value: string | null;
  readonly description: string | null;
  readonly location: SourceLocation | null;
  /** As {@link ParamResult} has it. */
  readonly elements?: string;
}
