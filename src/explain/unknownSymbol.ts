// Guesses the cause of "Unknown symbol" from the name of the symbol and from the errno.
import type { CauseId } from './causes';
import type { Told } from './causes/types';
import { GLOBAL_OFFSET_TABLE } from '../formats/elf/constants';
import { isImageName, isOfPrograms, providerOf } from './providers';

/** Functions that compilers call. */
const COMPILER =
  /^_{0,2}(?:stack_chk_\w+|fentry__|mcount|gnu_mcount\w*|[ak]csan_\w+|asan_\w+|hwasan_\w+|ubsan_\w+|sanitizer_\w+|gcov_\w+)$/;

/** Those that protect against attacks on speculation, which kernels of 2018 and later have. */
const THUNK = /^__x86_\w*thunk\w*$/;

/** Of those, what 64-bit division and floating point in the source leave behind. */
const DIVISION =
  /^__(?:u?divdi3|u?moddi3|udivmoddi4|u?divti3|u?modti3|aeabi_(?:u?l?divmod|u?idiv\w*|[df]\w+|ul?2\w+|i2\w+)|float\w+|fix\w+|(?:add|sub|mul|div)[sd]f3|(?:lt|gt|le|ge|eq|ne)[sd]f2)$/;

/** A symbol with the name of the module before it, `foo_open` of `foo`, or with the number of its chip: 8821. */
function isOwn(symbol: string, module: string): boolean {
  const chip = /\d{4,}/.exec(module)?.[0];
  return (
    (module.length > 2 && symbol.startsWith(`${module.replaceAll('-', '_')}_`)) ||
    (chip !== undefined && symbol.includes(chip))
  );
}

/** What a line "Unknown symbol" is about, by the name of the symbol and the errno. */
export function unknownSymbol({ symbol = '', err, module = '' }: Told): CauseId {
  if (err === '-22' || err === '-8') return 'symbolRejected';
  if (err === '-13') return 'symbolProtected';
  if (err === '-16') return 'waiting';
  if (symbol === GLOBAL_OFFSET_TABLE) return 'gotSymbol';
  if (DIVISION.test(symbol)) return 'divisionSymbol';
  if (THUNK.test(symbol)) return 'thunkSymbol';
  if (COMPILER.test(symbol)) return 'compilerSymbol';
  if (isOfPrograms(symbol)) return 'programSymbol';
  if (providerOf(symbol) !== null) return 'symbolOfModule';
  if (isImageName(symbol)) return 'symbolOfImage';
  return isOwn(symbol, module) ? 'ownSymbol' : 'symbolMissing';
}
