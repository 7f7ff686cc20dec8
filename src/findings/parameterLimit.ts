import { defineFinding, err } from './types';

export const parameterLimit = defineFinding<{ param: string; problem: 'charp' | 'string' | 'array'; limit: number }>({
  id: 'parameter-limit',
  severity: 'error',
  dmesg: ({ param, problem, limit }) => {
    if (problem === 'charp') return err(`${param}: string parameter too long`);
    if (problem === 'string') return err(`${param}: string doesn't fit in ${limit} chars.`);
    return err(`${param}: can only take ${limit} arguments`);
  },
  explain: '{param} takes at most {limit}.',
  errnos: { 22: 4, 28: 1 },
  anchor: ({ param }) => ({ kind: 'parameter', name: param }),
  fixes: ['change-argument'],
  samples: [
    { param: 'P', problem: 'charp', limit: 1024 },
    { param: 'P', problem: 'string', limit: 1001 },
    { param: 'P', problem: 'array', limit: 1001 },
  ],
});
