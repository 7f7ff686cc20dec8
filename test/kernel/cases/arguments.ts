// How the argument string is split, and names that are no parameter (lib/cmdline.c, kernel/params.c).
import { insmod, label, testCase, type Topic } from './kit';

const SPLITTING = [
  ...[
    'p_int=1 p_uint=2',
    '  p_int=1   p_uint=2  ',
    '\tp_int=1\tp_uint=2',
    '"p_int=1\np_uint=2"',
    'p_int=1\np_uint=2\n',
  ],
  ...['p_int=1\u000bp_uint=2', 'p_int=1\u000cp_uint=2', 'p_int=1\rp_uint=2', 'p_int=1\u00a0p_uint=2'],
  ...['p_charp=', 'p_charp="x y" p_bool', '"p_charp=x y" p_bool', 'p_charp=b" c" p_bool', 'p_charp="x"y p_bool'],
  ...[
    'p_charp="x""y"',
    'p_charp="x',
    "p_charp='x y'",
    '=x',
    'p_charp=1=2',
    '"p_int a"',
    '""',
    '"',
    'p_charp="" p_int=3',
  ],
  ...[
    'p_charp="a\\"b"',
    'p_charp=a\\ b',
    '"p_charp"=x',
    'p_charp"="x',
    '"p_charp"="x y"',
    'p_charp=="x"',
    ' ',
    '=',
    '==',
  ],
  ...[
    'p_charp="x y" "p_string=a b" p_bool',
    'p_charp="a b"c" d"',
    '"p_int=5',
    'p_int="5"',
    'p_ints="1,2"',
    'p_ints=1,"2"',
  ],
];

const UNKNOWN = [
  ...[
    'bogus',
    'bogus=',
    'bogus=1',
    'bogus=1 p_int=2',
    'p_int=2 bogus=1',
    'bogus=1 bogus=1',
    'bogus.dot=1',
    '.dot=1',
    'paramkinds.p_int=1',
  ],
  ...[
    'bogus=x p_int=y',
    'p_int=y bogus=x',
    'p_int=y p_uint=z',
    'p_int=99999999999 p_uint=z',
    'p_uint=z p_int=99999999999',
  ],
  ...[
    'p_string=123456789 p_int=x',
    'p_int=x p_string=123456789',
    'p_int=1 p_int=x',
    'p_int=x p_int=1',
    `${'n'.repeat(300)}=1`,
  ],
  ...['"bogus name"=1', 'a.b.c', 'bogus-dash=1', 'bogus="a b"'],
];

const DASHES = [
  '--',
  '-- x',
  'p_int=1 -- p_uint=2',
  '-- p_int=x',
  '--=1',
  '---',
  '"--"',
  '"--" x',
  'p_int=x -- y',
  'bogus -- a  b ',
  '--  ',
  '- x',
];

const SPECIAL = [
  ...['async_probe', 'async_probe=1', 'async_probe=0', 'async_probe=x', 'async-probe', 'async_probe='],
  ...[
    'dyndbg',
    'dyndbg=',
    'dyndbg=+p',
    'dyndbg=-p',
    'dyndbg="+p; -p"',
    'other.dyndbg=+p',
    'dyndbg=nonsense',
    'paramkinds.dyndbg=+p',
    'dyndbgx=+p',
  ],
];

/** Arguments for modules without parameters. */
const WITHOUT_PARAMETERS = ['', 'x', 'x=1 y=2', '-- x', 'dyndbg=+p', 'async_probe', '"x y"', '='];

export const argumentStrings: Topic = () => [
  ...SPLITTING.map(args => testCase(`arguments/split/${label(args)}`, insmod('paramkinds', { args }))),
  ...UNKNOWN.map(args => testCase(`arguments/unknown/${label(args).slice(0, 60)}`, insmod('paramkinds', { args }))),
  ...DASHES.map(args => testCase(`arguments/dashes/${label(args)}`, insmod('paramkinds', { args }))),
  ...SPECIAL.map(args => testCase(`arguments/special/${label(args)}`, insmod('paramkinds', { args }))),
  ...WITHOUT_PARAMETERS.map(args => testCase(`arguments/no-parameters/${label(args)}`, insmod('minimal', { args }))),
];
