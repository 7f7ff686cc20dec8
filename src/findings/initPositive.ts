import { defineFinding, warn } from './types';

export const initPositive = defineFinding<{ module: string; result: number; namesCaller: boolean; caller?: string }>({
  id: 'init-positive',
  severity: 'warning',
  dmesg: ({ module, result, namesCaller, caller = 'do_init_module' }) =>
    warn(
      namesCaller
        ? `${caller}: '${module}'->init suspiciously returned ${result}, it should follow 0/-E convention\n${caller}: loading module anyway...`
        : `${module}: init suspiciously returned ${result}, it should follow 0/-E convention`,
    ),
  explain: 'An init function returns 0 or a negative errno. A positive number counts as success, with a complaint.',
  errnos: {},
  anchor: 'init',
  fixes: [],
  samples: [
    { module: 'M', result: 1001, namesCaller: false },
    { module: 'M', result: 1001, namesCaller: true },
    { module: 'M', result: 1001, namesCaller: true, caller: 'sys_init_module' },
  ],
});
