// How kernels are looked up by name, apart from the code that does it: every command may set it, and few need the rest.
import type { DownloadListener } from './fetching';

export interface NamedSettings {
  /** An archive to ask instead of those of this machine. */
  readonly mirror: string | null;
  readonly listener: DownloadListener;
  readonly signal: AbortSignal | null;
  readonly warn: (line: string) => void;
  /** Nothing is fetched: only kernels that were fetched before are there. */
  readonly offline: boolean;
}

let settings: NamedSettings = {
  mirror: null,
  listener: () => undefined,
  signal: null,
  warn: () => undefined,
  offline: false,
};

export const namedSettings = (): NamedSettings => settings;

/** How names are looked up from now on in this process. */
export function setNamedSettings(changed: Partial<NamedSettings>): void {
  settings = { ...settings, ...changed };
}
