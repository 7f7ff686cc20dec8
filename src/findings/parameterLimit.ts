import { defineFinding, err } from './types';

/** The `no-` ones: before 3.12 these types say that they got no value. */
type Problem = 'charp' | 'string' | 'array' | 'no-charp' | 'no-string' | 'no-array';

export const parameterLimit = defineFinding<{ param: string; problem: Problem; limit: number }>({
  id: 'parameter-limit',
  severity: 'error',
  dmesg: ({ param, problem, limit }) => {
    if (problem === 'charp') return err(`${param}: string parameter too long`);
    if (problem === 'string') return err(`${param}: string doesn't fit in ${limit} chars.`);
    if (problem === 'no-charp') return err(`${param}: string parameter expected`);
    if (problem === 'no-string') return err(`${param}: missing param set value`);
    if (problem === 'no-array') return err(`${param}: expects arguments`);
    return err(`${param}: can only take ${limit} arguments`);
  },
  explain: ({ param, problem, limit }, t) =>
    problem.startsWith('no-') ? t('{0} needs a value.', param) : t('{param} takes at most {limit}.', { param, limit }),
  errnos: { 22: 4, 28: 1 },
  anchor: ({ param }) => ({ kind: 'parameter', name: param }),
  fixes: ['change-argument'],
  samples: [
    { param: 'P', problem: 'charp', limit: 1024 },
    { param: 'P', problem: 'string', limit: 1001 },
    { param: 'P', problem: 'array', limit: 1001 },
    { param: 'P', problem: 'no-charp', limit: 0 },
    { param: 'P', problem: 'no-string', limit: 0 },
    { param: 'P', problem: 'no-array', limit: 0 },
  ],
});
