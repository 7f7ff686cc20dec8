// finit_module(2) and init_module(2): what the system call asks before it looks at the module.
import { note } from '../../../findings/notes';
import { structSizes } from '../../../formats/elf/header';
import { badFlags } from '../../../findings/badFlags';
import { emptyFile } from '../../../findings/emptyFile';
import { noCapability } from '../../../findings/noCapability';
import { notLoadable } from '../../../findings/notLoadable';
import { isJudged } from '../../generations';
import { EINVAL, ENOEXEC, EPERM } from '../../errno';
import { MODULE_INIT_COMPRESSED_FILE } from './initFlags';
import { moduleDecompress, noteDecoder } from './moduleDecompress';
import type { Errno, Load } from './types';

export function mayInitModule(load: Load): Errno {
  const { machine, features, options, info, observer } = load;
  const { release } = load.facts;
  if (!isJudged(release)) load.note(note('rules-from-sources', { release }));
  const { modulesDisabled } = machine.boot;
  observer?.checked('modules_disabled', modulesDisabled ? 1 : 0, 0, !modulesDisabled);
  if (modulesDisabled) {
    load.report(noCapability, { disabled: true });
    return EPERM;
  }
  if (options.syscall === 'init_module') {
    if (features.finitFlags === 0) load.note(note('no-finit-module'));
    const { ehdr } = structSizes(features.is64);
    const enough = info.len >= ehdr;
    observer?.checked(
      'length',
      note('bytes', { count: info.len }),
      note('at-least', { size: note('bytes', { count: ehdr }) }),
      enough,
    );
    if (enough) return 0;
    load.report(notLoadable, { check: 'header-len', values: [info.len], spoken: false, summary: false, foreign: null });
    return ENOEXEC;
  }
  const known = features.finitFlags;
  const flags = `0x${options.flags.toString(16)}`;
  const understood = (options.flags & ~known) === 0;
  observer?.checked('flags', flags, note('known', { values: `0x${known.toString(16)}` }), understood);
  if (!understood) {
    load.report(badFlags, { flags: options.flags, known });
    return EINVAL;
  }
  // kernel_read_file() refuses an empty file.
  observer?.checked('length', note('bytes', { count: info.len }), note('not-empty'), info.len > 0);
  if (info.len === 0) {
    load.report(emptyFile, {});
    return EINVAL;
  }
  if (!(options.flags & MODULE_INIT_COMPRESSED_FILE)) {
    noteDecoder(load);
    return 0;
  }
  observer?.checked(note('kernel-unpacks'), note('yes'));
  return moduleDecompress(load);
}
