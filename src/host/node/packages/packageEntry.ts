export interface PackageEntry {
  /** As the package has it: relative, often with ./ in front. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** false for directories, links and devices. */
  readonly isFile: boolean;
  /** The contents; to be called before the next entry is asked for, at most once. */
  read(): Promise<Uint8Array>;
}
