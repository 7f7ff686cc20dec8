// Which modules the view shows, and below which folders.
import { groupBy } from '../../../formats/groupBy';
import type { EditorReport } from '../../../protocol/worker';
import { overall, type Overall } from './text';

/** What the view is narrowed to. */
export interface ModuleFilter {
  /** null for every verdict; `refused` has those that only some kernels refuse, too. */
  readonly verdict: 'loads' | 'refused' | 'unchecked' | null;
  /** A part of the path, in lower case; '' for any. */
  readonly text: string;
}

export const EVERYTHING: ModuleFilter = { verdict: null, text: '' };

/** The verdict that a module is found under: a module without a target cannot be judged. */
export function verdictKind(state: Overall): 'loads' | 'refused' | 'unchecked' {
  if (state === 'mixed') return 'refused';
  return state === 'unknown' ? 'unchecked' : state;
}

export function passes({ verdict, text }: ModuleFilter, report: EditorReport): boolean {
  if (verdict !== null && verdictKind(overall(report)) !== verdict) return false;
  return text === '' || report.path.toLowerCase().includes(text);
}

/** Modules of one folder. */
export interface FolderOfModules {
  /** Relative to the workspace, as `shown` makes it. */
  readonly label: string;
  readonly paths: readonly string[];
}

/** Paths by folder, both in order. */
export function byFolder(paths: readonly string[], shown: (module: string) => string): FolderOfModules[] {
  const folders = groupBy([...paths].sort(), shown);
  return [...folders].map(([label, own]) => ({ label, paths: own })).sort((a, b) => (a.label < b.label ? -1 : 1));
}
