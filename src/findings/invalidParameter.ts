import { nearest } from './nearest';
import { defineFinding, err } from './types';

export interface InvalidParameterFacts {
  readonly module: string;
  readonly param: string;
  /** The value as far as the kernel still has it: arrays cut it at the first comma. */
  readonly value: string;
  readonly errno: number;
  readonly known: readonly string[];
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
  origin: ({ param }) => ({ kind: 'parameter', name: param }),
  explain: ({ param, known, errno, setter }) => {
    if (setter) return `The set function of ${param}, which is code of the module, returns -${errno} for this value.`;
    if (errno === ERANGE) return `The number is outside of the range of the type of ${param}.`;
    if (errno === ENOSPC) return `The text is longer than ${param} has room for.`;
    if (errno === EROFS) return `${param} can be switched on, and not off again.`;
    if (errno === EPERM) return `The kernel is locked down and does not let ${param} be set.`;
    if (errno === ENOENT) {
      const guess = nearest(param, known);
      return `The module has no parameter ${param}.` + (guess === null ? '' : ` Did you mean ${guess}?`);
    }
    return `The value is not of the form that ${param} takes.`;
  },
  samples: [
    { module: 'M', param: 'P', value: 'X', errno: 22, known: [], setter: false },
    { module: 'M', param: 'P', value: 'X', errno: 28, known: [], setter: false },
    { module: 'M', param: 'P', value: 'X', errno: 2, known: [], setter: false },
  ],
});
