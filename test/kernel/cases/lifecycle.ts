// Results of init, loading twice, and removal (do_init_module, delete_module).
import { insmod, O_NONBLOCK, O_TRUNC, rmmod, testCase, type Kit, type Topic } from './kit';

const INIT_RESULTS = [-1, -2, -5, -8, -11, -12, -14, -16, -17, -19, -22, -38, -95, -110, -129, -512, -517, -4095];
const POSITIVE = [1, 5, 2147483647];

function initResults(): ReturnType<Topic> {
  const returning = (ret: number): ReturnType<typeof insmod> =>
    insmod('initret', { args: `ret=${ret}`, initResult: ret });
  return [
    testCase('init/zero', returning(0)),
    ...INIT_RESULTS.map(ret => testCase(`init/${ret}`, returning(ret))),
    ...POSITIVE.map(ret => testCase(`init/+${ret}`, returning(ret))),
    testCase('init/fails-then-loads', returning(-5), returning(0)),
    testCase('init/fails-twice', returning(-17), returning(-17)),
    testCase('init/bad-parameter-first', insmod('initret', { args: 'ret=x' })),
  ];
}

function twice(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const user = kit.ko('user');
  return [
    testCase('twice/same', insmod('minimal'), insmod('minimal')),
    testCase('twice/bad-vermagic', insmod('minimal'), insmod(ko.module([ko.setModinfo('vermagic', 'vermagic=x')]))),
    testCase('twice/forced', insmod('minimal'), insmod(ko.module([ko.dropTag('vermagic')]))),
    testCase('twice/proprietary', insmod('minimal'), insmod(ko.module([ko.setModinfo('license', 'license=BSD')]))),
    testCase(
      'twice/bad-symbol',
      insmod('exporter'),
      insmod('user'),
      insmod(user.module([user.setSymbol(user.symbol('suite_plain').index, 'st_shndx', 0xfff2)])),
    ),
    testCase('twice/bad-parameter', insmod('paramkinds'), insmod('paramkinds', { args: 'p_int=x' })),
    testCase('twice/after-removal', insmod('minimal'), rmmod('minimal'), insmod('minimal')),
    testCase(
      'twice/write-exec',
      insmod('minimal'),
      insmod(ko.module([ko.setShdr(ko.section('.text').index, 'sh_flags', 7)])),
    ),
  ];
}

function removal(): ReturnType<Topic> {
  const nameLimit = 56;
  return [
    testCase('rmmod/ordinary', insmod('minimal'), rmmod('minimal')),
    testCase('rmmod/blocking', insmod('minimal'), rmmod('minimal', 0)),
    testCase('rmmod/twice', insmod('minimal'), rmmod('minimal'), rmmod('minimal')),
    testCase('rmmod/absent', rmmod('not_there')),
    testCase('rmmod/empty-name', rmmod('')),
    testCase('rmmod/long-name', rmmod('m'.repeat(nameLimit - 1))),
    testCase('rmmod/longer-name', rmmod('m'.repeat(nameLimit))),
    testCase('rmmod/longest-name', rmmod('m'.repeat(200))),
    testCase('rmmod/dash', insmod('wx_noalloc'), insmod('prop_user_only'), rmmod('wx-noalloc')),
    testCase('rmmod/builtin', rmmod('kernel')),
    testCase('rmmod/no-init', insmod('noinit'), rmmod('noinit')),
    testCase('rmmod/no-exit', insmod('noexit'), rmmod('noexit'), rmmod('noexit', O_NONBLOCK | O_TRUNC)),
    testCase(
      'rmmod/used',
      insmod('exporter'),
      insmod('user'),
      rmmod('exporter'),
      rmmod('exporter', O_NONBLOCK | O_TRUNC),
      rmmod('user'),
      rmmod('exporter'),
    ),
    testCase('rmmod/force-ordinary', insmod('minimal'), rmmod('minimal', O_NONBLOCK | O_TRUNC)),
    testCase('rmmod/odd-flags', insmod('minimal'), rmmod('minimal', 0x80)),
  ];
}

export const lifecycle: Topic = kit => [...initResults(), ...twice(kit), ...removal()];
