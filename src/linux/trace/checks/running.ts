// The last steps: notifiers, parameters, sysfs, init.
import { note } from '../../../findings/notes';
import { SHF_ALLOC } from '../../../formats/elf/constants';
import { parseCmdline, plain } from '../../../target/cmdline';
import { findAnySec } from '../../kernel/module/loadInfo';
import type { Load } from '../../kernel/module/types';
import type { Check } from '../types';
import { bytes, check } from './check';

/** prepare_coming_module() */
export function notifiers({ info }: Load): Check[] {
  const btf = info.sechdrs[findAnySec(info, '.BTF')];
  return btf && btf.index > 0 ? [check('.BTF', bytes(btf.sh_size))] : [];
}

/** parse_args() */
export function parameters({ args, mod }: Load): Check[] {
  const byName = new Map([...mod.params].reverse().map(param => [plain(param.name), param]));
  return parseCmdline(args).map(({ param, value }) => {
    const known = byName.get(plain(param));
    return check(param, value ?? note('no-value'), known ? known.kind.kind : note('no-parameter'));
  });
}

/** mod_sysfs_setup() */
export function sysfs({ mod, info }: Load): Check[] {
  const shown = mod.params.filter(({ perm }) => perm !== 0).length;
  const sections = info.sechdrs.filter(({ sh_flags, sh_size }) => sh_flags & SHF_ALLOC && sh_size > 0).length;
  return [
    check(`/sys/module/${mod.name}/parameters`, note('files', { count: shown })),
    check(`/sys/module/${mod.name}/sections`, note('files', { count: sections })),
  ];
}

/** do_init_module() */
export function init({ mod, options }: Load): Check[] {
  if (!mod.hasInit) return [check('init', note('none-to-run'))];
  return [check(note('init-returns'), options.initResult, note('init-assumed'), options.initResult >= 0)];
}
