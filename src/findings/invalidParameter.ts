import { defineFinding, err } from './types';

export interface InvalidParameterFacts {
  readonly module: string;
  readonly param: string;
  /** What the kernel still has of the value: arrays cut it at the first comma. */
  readonly value: string;
  readonly errno: number;
  /** A name like it that the module has. */
  readonly suggestion: string | null;
  /** Code of the module itself returned the error. */
  readonly setter: boolean;
  /** Its type as module_param() names it, of arrays that of an element; null where it is code of the module or not known. */
  readonly type: string | null;
  /** The least and the greatest number of that type, in decimal; null for types that are no numbers. */
  readonly range: readonly [least: string, greatest: string] | null;
}

const ENOENT = 2;
const EPERM = 1;
const EROFS = 30;
const ENOSPC = 28;
const ERANGE = 34;

export const invalidParameter = defineFinding<InvalidParameterFacts>({
  id: 'invalid-parameter',
  severity: 'error',
  dmesg: ({ module, param, value, errno }) => {
    if (errno === ENOENT) return err(`${module}: Unknown parameter \`${param}'`);
    if (errno === ENOSPC) return err(`${module}: \`${value}' too large for parameter \`${param}'`);
    return err(`${module}: \`${value}' invalid for parameter \`${param}'`);
  },
  explain: ({ param, suggestion, errno, setter, type, range }, t) => {
    if (setter)
      return t('The set function of {0}, which is code of the module, returns -{1} for this value.', param, errno);
    if (errno === ERANGE)
      return range === null
        ? t('The number is outside of the range of the type of {0}.', param)
        : t('The number is out of range: {0} is of type {1}, which holds {2} to {3}.', param, type ?? '', ...range);
    if (errno === ENOSPC) return t('The text is longer than {0} has room for.', param);
    if (errno === EROFS) return t('{0} can be switched on, and not off again.', param);
    if (errno === EPERM) return t('The kernel is locked down and does not let {0} be set.', param);
    if (errno !== ENOENT)
      return type === null
        ? t('The value is not of the form that {0} takes.', param)
        : t('The value is not of the form that {0} takes, which is of type {1}.', param, type);
    return suggestion === null
      ? t('The module has no parameter {0}.', param)
      : t('The module has no parameter {0}. Did you mean {1}?', param, suggestion);
  },
  errnos: { any: 2, 1: 5, 2: 5, 22: 3, 28: 2, 30: 1, 34: 1 },
  anchor: ({ param }) => ({ kind: 'parameter', name: param }),
  fixes: ['change-argument'],
  samples: [
    { module: 'M', param: 'P', value: 'X', errno: 22, suggestion: null, setter: false, type: null, range: null },
    {
      module: 'M',
      param: 'P',
      value: 'X',
      errno: 34,
      suggestion: null,
      setter: false,
      type: 'byte',
      range: ['0', '255'],
    },
    { module: 'M', param: 'P', value: 'X', errno: 28, suggestion: null, setter: false, type: 'string', range: null },
    { module: 'M', param: 'P', value: 'X', errno: 2, suggestion: null, setter: false, type: null, range: null },
  ],
});
