// When a module is built anew, those that use it are looked at again: their versions may not agree any more.
import type * as vscode from 'vscode';
import type { Lens } from '../lens';
import { affectedBy, faceOf } from '../model/dependents';

export function register(lens: Lens): vscode.Disposable {
  const faces = new Map<string, string>();
  return lens.onDidPublish(({ path, report }) => {
    const before = faces.get(path);
    const now = report && faceOf(report);
    if (before === now) return;
    if (now === undefined) faces.delete(path);
    else faces.set(path, now);
    const affected = affectedBy(path, report, before !== undefined, lens.modules.all());
    lens.modules.refresh(affected.map(other => other.path));
  });
}
