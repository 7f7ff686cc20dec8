// The folder that is opened without a disk: the sample workspace.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../kernel/lib/paths';

export function makeWebFolder(folder: string): void {
  cpSync(path.join(repositoryRoot(), 'media', 'workspace'), folder, { recursive: true });
}
