// Files by their addresses.
import * as vscode from 'vscode';

/** A path that was found beside a file, in the file system of that file. */
export function uriNear(file: vscode.Uri, path: string): vscode.Uri {
  return file.scheme === 'file' ? vscode.Uri.file(path) : file.with({ path });
}

export async function isThere(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
