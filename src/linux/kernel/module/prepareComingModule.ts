// prepare_coming_module() (kernel/module/main.c): others hear of the module before its code runs, and some can refuse it.
import { note } from '../../../findings/notes';
import { LISTENERS, type Listener } from './comingListeners';
import { findAnySec } from './loadInfo';
import type { Errno, Load } from './types';

/** After one that refuses, no other is asked. */
export function prepareComingModule(load: Load): Errno {
  for (const listener of LISTENERS) {
    const errno = listener.hear?.(load) ?? 0;
    tell(load, listener, errno !== 0);
    if (errno !== 0) return errno;
  }
  return 0;
}

function tell({ observer, facts, info }: Load, { name, config, section, does }: Listener, refuses: boolean): void {
  if (!observer || facts.config[config] === undefined) return;
  const found = section === null ? undefined : info.sechdrs[findAnySec(info, section)];
  const value = section === null ? '' : note('section-bytes', { section, count: found?.index ? found.sh_size : 0 });
  observer.checked(name, value, { id: does, facts: {} }, refuses ? false : null);
}
