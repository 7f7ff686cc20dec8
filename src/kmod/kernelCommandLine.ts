// What the kernel command line says to modprobe: `module.param=value` and `modprobe.blacklist=` (libkmod/libkmod-config.c).
import { addOptions, type ModprobeConfig } from './config';
import { normalizeAlias } from './names';

type State = 'ignore' | 'modname' | 'param' | 'value';

/**
 * Adds the command line to `config` (kmod_config_parse_kcmdline()). Quotes may enclose a value or, as boot loaders put
 * them, the whole word; white space in them is part of the value only.
 */
export function parseKernelCommandLine(config: ModprobeConfig, cmdline: string): void {
  let state: State = 'modname';
  let quoted = false;
  let wordQuoted = false;
  let [modname, param, value] = [0, 0, 0];
  // The kernel ends the line with a newline; reading ends at a NUL.
  const text = `${cmdline.split('\0', 1)[0] ?? ''}\0`;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"') {
      quoted = !quoted;
      if (quoted && state === 'modname' && at === modname) {
        wordQuoted = true;
        modname = at + 1;
      } else if (state !== 'value') {
        state = 'ignore';
      }
    } else if (char === '.') {
      if (state === 'modname') [state, param] = ['param', at + 1];
      else if (state === 'param') state = 'ignore';
    } else if (char === '=') {
      if (state === 'param') [state, value] = ['value', at + 1];
      else if (state === 'modname') state = 'ignore';
    } else if (SPACE.test(char)) {
      if (quoted) {
        if (state !== 'value') state = 'ignore';
        continue;
      }
      if (state === 'value' || state === 'param') {
        const name = text.slice(modname, param - 1);
        const assigned = state === 'value' ? text.slice(value, at) : null;
        // The opening quote moves to where the value begins.
        const shown = assigned !== null && wordQuoted ? `"${assigned}` : assigned;
        addParameter(config, name, text.slice(param, assigned === null ? at : value - 1), shown);
      }
      [state, modname, wordQuoted] = ['modname', at + 1, false];
    }
  }
}

const SPACE = /[\0 \n\t\v\f\r]/;

/** kcmdline_parse_result() */
function addParameter(config: ModprobeConfig, modname: string, param: string, value: string | null): void {
  if (modname === 'modprobe' && param === 'blacklist' && value !== null) {
    config.blacklist.push(...value.split(','));
    return;
  }
  const normal = normalizeAlias(modname);
  if (normal === null)
    config.problems.push(
      `libkmod: ERROR: kcmdline_parse_result: Ignoring bad option on kernel command line while parsing module name: '${modname}'`,
    );
  else addOptions(config, normal, value === null ? param : `${param}=${value}`);
}
