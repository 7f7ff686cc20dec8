// Values of parameters of every kind (kernel/params.c, lib/kstrtox.c).
import { insmod, label, testCase, type Topic } from './kit';

const INTEGERS = ['byte', 'short', 'ushort', 'int', 'uint', 'long', 'ulong', 'ullong', 'hexint'] as const;

/** Tried on all integer types in one load: every argument is parsed, whatever happened to the ones before. */
const INTEGER_TEXTS = [
  ...[
    '0',
    '1',
    '-1',
    '+5',
    '-0',
    '+0',
    '010',
    '08',
    '0x',
    '0xg',
    '0x1F',
    '0X1f',
    '5x',
    'abc',
    '+-1',
    '-+1',
    '--1',
    '"- 1"',
  ],
  ...[
    '"5\n"',
    '"5\n\n"',
    '5.0',
    '5k',
    '1e3',
    '0b1',
    '0o7',
    '077777',
    '00',
    '128x',
    '300x',
    '99999999999999999999x',
    '',
  ],
  ...['18446744073709551615', '18446744073709551616', '9223372036854775808', '-9223372036854775809', '\u00e9', '5,6'],
];

/** The edges of each type, and one past them. */
const EDGES: Readonly<Record<(typeof INTEGERS)[number], readonly string[]>> = {
  byte: ['0', '255', '256', '-1', '0xff', '0x100'],
  short: ['32767', '32768', '-32768', '-32769', '077777', '0x8000'],
  ushort: ['65535', '65536', '-1', '0xffff'],
  int: ['2147483647', '2147483648', '-2147483648', '-2147483649', '0x7fffffff', '0xffffffff'],
  uint: ['4294967295', '4294967296', '-1', '0xffffffff'],
  long: ['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
  ulong: ['18446744073709551615', '18446744073709551616', '-1', '01777777777777777777777'],
  ullong: ['18446744073709551615', '18446744073709551616', '0xffffffffffffffff'],
  hexint: ['0', '1', '0xdeadbeef', '4294967295', '4294967296', '255'],
};

const BOOLEAN_TEXTS = [
  ...[
    'y',
    'Y',
    '1',
    'n',
    'N',
    '0',
    'yes',
    'no',
    'on',
    'off',
    'On',
    'oN',
    'oFF',
    'o',
    'ok',
    'offish',
    'true',
    'True',
    'false',
    'f',
    'F',
    't',
    'T',
  ],
  ...['enable', 'E', 'disable', 'd', 'D', '10', '12', '2', '-1', 'Nonsense', '', ' ', 'x', '00', '01'],
];

const BOOLEANS = ['bool', 'invbool', 'bint', 'enable', 'enabled'] as const;

const load = (id: string, args: string): ReturnType<typeof testCase> =>
  testCase(`parameters/${id}`, insmod('paramkinds', { args }));

function integers(): ReturnType<Topic> {
  const all = INTEGER_TEXTS.map(text =>
    load(`integers/${label(text)}`, INTEGERS.map(type => `p_${type}=${text}`).join(' ')),
  );
  const edges = INTEGERS.flatMap(type => EDGES[type].map(text => load(`${type}/${text}`, `p_${type}=${text}`)));
  const noValue = INTEGERS.map(type => load(`${type}/no-value`, `p_${type}`));
  return [...all, ...edges, ...noValue];
}

function booleans(): ReturnType<Topic> {
  const all = BOOLEAN_TEXTS.map(text =>
    load(`booleans/${label(text)}`, BOOLEANS.map(type => `p_${type}=${text}`).join(' ')),
  );
  const single = BOOLEANS.flatMap(type =>
    ['y', 'n', '0', '1', 'maybe'].map(text => load(`${type}/${text}`, `p_${type}=${text}`)),
  );
  const noValue = BOOLEANS.map(type => load(`${type}/no-value`, `p_${type}`));
  return [...all, ...single, ...noValue];
}

function strings(): ReturnType<Topic> {
  const long = (length: number): string => 'x'.repeat(length);
  return [
    ...['hello', '', '"two words"', '"', "'a b'", 'a=b', long(1024), long(1025), long(2000)].map(text =>
      load(`charp/${label(text.slice(0, 12))}-${text.length}`, `p_charp=${text}`),
    ),
    load('charp/no-value', 'p_charp'),
    load('charp/twice', 'p_charp=one p_charp=two'),
    load('charp/null-stays', 'p_int=1'),
    load('charp/null-set', 'p_nullcharp=set'),
    ...['', 'x', '1234567', '12345678', '"a b c"'].map(text => load(`string/${label(text)}`, `p_string=${text}`)),
    load('string/no-value', 'p_string'),
  ];
}

function arrays(): ReturnType<Topic> {
  const texts = [
    '1',
    '1,2',
    '1,2,3',
    '1,2,3,4',
    '1,2,3,4,5',
    '1,',
    ',1',
    '1,,2',
    ',',
    '',
    'x',
    '1,x,3',
    '1,2,3,4,x',
    '99999999999,1',
    '"1, 2"',
  ];
  return [
    ...texts.map(text => load(`ints/${label(text)}`, `p_ints=${text}`)),
    load('ints/no-value', 'p_ints'),
    load('ints/twice', 'p_ints=1,2,3 p_ints=9'),
    ...['1', '1,2,3', '1,2,3,4', '', '1,'].map(text => load(`nocount/${label(text)}`, `p_nocount=${text}`)),
    ...['a', 'a,b', 'a,,c', ',', '', 'a,b,c,d', '"a b,c"'].map(text =>
      load(`charps/${label(text)}`, `p_charps=${text}`),
    ),
    ...['y', 'y,n,1', 'y,,n', 'y,x', '', 'on,off'].map(text => load(`bools/${label(text)}`, `p_bools=${text}`)),
    ...['1,255', '1,256', '256,1', '1,-1'].map(text => load(`bytes/${label(text)}`, `p_bytes=${text}`)),
  ];
}

function gates(kit: Parameters<Topic>[0]): ReturnType<Topic> {
  const minmax = ['2', '10', '1', '11', '5x', '-3', ''].map(text => load(`minmax/${label(text)}`, `p_minmax=${text}`));
  return [
    load('unsafe/set', 'p_unsafe=1'),
    load('unsafe/alias', 'p_unsafe_alias=1'),
    load('unsafe/invalid', 'p_unsafe=x'),
    load('unsafe/twice', 'p_unsafe=1 p_unsafe=2'),
    load('hidden/set', 'p_hidden=1'),
    load('hidden/invalid', 'p_hidden=x'),
    load('writeonly/set', 'p_writeonly=1'),
    load('shared/both', 'p_shared_a=1 p_shared_b=2'),
    load('shared/one', 'p_shared_a=7'),
    ...['p-dash-name=3', 'p_dash_name=4', 'p-dash_name=5', 'P_dash_name=6', 'p_dash_nam=7', 'p_dash_name_=8'].map(
      args => load(`dashes/${label(args)}`, args),
    ),
    ...['good', 'bad', 'enoent', 'enospc', ''].map(text => load(`custom/${label(text)}`, `p_custom=${text}`)),
    load('custom/no-value', 'p_custom'),
    ...['good', 'bad'].map(text => load(`noarg/${text}`, `p_noarg=${text}`)),
    load('noarg/no-value', 'p_noarg'),
    ...(kit.key === '5.10' ? [] : minmax),
    load('defaults', ''),
    load('many', 'p_byte=7 p_short=-7 p_charp=x p_string=y p_ints=3,2,1 p_bool p_charps=a,b'),
  ];
}

export const parameters: Topic = kit => [...integers(), ...booleans(), ...strings(), ...arrays(), ...gates(kit)];
