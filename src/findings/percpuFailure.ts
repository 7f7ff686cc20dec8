import { defineFinding, warn } from './types';

export const percpuFailure = defineFinding<{
  module: string;
  problem: 'align' | 'memory';
  size: number;
  limit: number;
}>({
  id: 'percpu',
  severity: ({ problem }) => (problem === 'memory' ? 'error' : 'warning'),
  dmesg: ({ module, problem, size, limit }) =>
    problem === 'align'
      ? warn(`${module}: per-cpu alignment ${size} > ${limit}`)
      : [
          warn(`percpu: allocation failed, size=${size} align=${limit} atomic=0, alloc from reserved chunk failed`),
          warn(`${module}: Could not allocate ${size} bytes percpu data`),
        ],
  explain:
    'Static per-cpu variables of all modules share a small reserve. Allocate large ones at run time with alloc_percpu().',
  errnos: { 12: 1 },
  anchor: 'build',
  fixes: [],
  samples: [
    { module: 'M', problem: 'align', size: 1001, limit: 1002 },
    { module: 'M', problem: 'memory', size: 1001, limit: 1002 },
  ],
});
