// Watching directories from the worker: the editor's own watcher waits longer before it tells than a simulation takes.
import { watch as watchDirectory, type FSWatcher } from 'node:fs';
import path from 'node:path';
import { MODULE_FILE } from '../../../formats/ko/moduleName';
import type { WorkerEvent } from '../../../protocol/worker';

type Listener = (event: WorkerEvent) => void;

let listener: Listener = () => undefined;
const watchers = new Map<string, FSWatcher>();
let targetFiles: ReadonlySet<string> = new Set();

export function onWatchEvent(report: Listener): void {
  listener = report;
}

/** Watches the directories of these modules and of these files of targets, and no others any more. */
export function watch(modules: readonly string[], targets: readonly string[]): void {
  targetFiles = new Set(targets);
  const wanted = new Set([...modules, ...targets].map(file => path.dirname(file)));
  for (const [directory, watcher] of watchers) {
    if (wanted.has(directory)) continue;
    watcher.close();
    watchers.delete(directory);
  }
  for (const directory of wanted) if (!watchers.has(directory)) open(directory);
}

function open(directory: string): void {
  try {
    const watcher = watchDirectory(directory, { persistent: false }, (_event, name) => {
      if (name === null) return;
      const file = path.join(directory, name);
      if (targetFiles.has(file)) listener({ kind: 'target-changed', path: file });
      else if (MODULE_FILE.test(name)) listener({ kind: 'module-changed', path: file });
    });
    watcher.on('error', () => {
      watcher.close();
      watchers.delete(directory);
    });
    watchers.set(directory, watcher);
  } catch {
    // The directory is gone or there are no watches left: the editor's watcher still tells, later.
  }
}
