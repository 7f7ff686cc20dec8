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
  explain: ({ param, suggestion, errno, setter }, t) => {
    if (setter)
      return t('The set function of {0}, which is code of the module, returns -{1} for this value.', param, errno);
    if (errno === ERANGE) return t('The number is outside of the range of the type of {0}.', param);
    if (errno === ENOSPC) return t('The text is longer than {0} has room for.', param);
    if (errno === EROFS) return t('{0} can be switched on, and not off again.', param);
    if (errno === EPERM) return t('The kernel is locked down and does not let {0} be set.', param);
    if (errno !== ENOENT) return t('The value is not of the form that {0} takes.', param);
    return suggestion === null
      ? t('The module has no parameter {0}.', param)
      : t('The module has no parameter {0}. Did you mean {1}?', param, suggestion);
  },
  errnos: { any: 2, 1: 5, 2: 5, 22: 3, 28: 2, 30: 1, 34: 1 },
  anchor: ({ param }) => ({ kind: 'parameter', name: param }),
  fixes: ['change-argument'],
  samples: [
    { module: 'M', param: 'P', value: 'X', errno: 22, suggestion: null, setter: false },
    { module: 'M', param: 'P', value: 'X', errno: 28, suggestion: null, setter: false },
    { module: 'M', param: 'P', value: 'X', errno: 2, suggestion: null, setter: false },
  ],
});
