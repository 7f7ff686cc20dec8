// When a module is built anew, those that use it are looked at again: their versions may not agree any more.
import type * as vscode from 'vscode';
import type { EditorReport } from '../../../protocol/worker';
import type { Lens } from '../lens';
import { faceOf, isAffected } from '../model/dependents';

export function register(lens: Lens): vscode.Disposable {
  const faces = new Map<string, string>();
  return lens.onDidPublish(({ path, report }) => {
    const before = faces.get(path);
    const now = report && faceOf(report);
    if (before === now) return;
    if (now === undefined) faces.delete(path);
    else faces.set(path, now);
    const isAnother = (other: EditorReport): boolean => other.path !== path;
    const affected = lens.modules.all().filter(isAnother);
    lens.modules.refresh(
      affected.filter(other => isAffected(other, path, report, before !== undefined)).map(other => other.path),
    );
  });
}
