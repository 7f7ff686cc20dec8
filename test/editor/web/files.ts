// What the server of files and the extension that asks it agree on.

/** The scheme of the files in the editor. */
export const FILES_SCHEME = 'insmod-lens-files';

/** The folder that is opened, below the root. */
export const FOLDER = 'workspace';

/** What is said of a file, or of a directory with what is in it. */
export interface FileAnswer {
  readonly directory: boolean;
  readonly size: number;
  readonly mtime: number;
  readonly entries: readonly { readonly name: string; readonly directory: boolean }[];
}
