import { defineFinding } from './types';

interface Facts {
  readonly module: string;
  /** Names of the relocation types; none where only the symbol of the table is wanted. */
  readonly types: readonly string[];
  /** The first of the symbols whose addresses would stand in the table. */
  readonly symbols: readonly string[];
  /** Places that use the table. */
  readonly count: number;
  /** The first of them: index of its relocation section, and of the entry there. */
  readonly first: { readonly section: number; readonly index: number } | null;
}

export const globalOffsetTable = defineFinding<Facts>({
  id: 'global-offset-table',
  severity: 'warning',
  message: ({ module, count, types }, t) =>
    count > 0
      ? t('{0}: position-independent code ({1}, {2} in all)', module, types.join(', '), count)
      : t('{0}: position-independent code, which refers to _GLOBAL_OFFSET_TABLE_', module),
  explain: ({ symbols }, t) =>
    symbols.length > 0
      ? t(
          'The code reads the addresses of {0} from a global offset table, which a linker would make and this kernel does not. It was compiled with -fPIC or -fPIE: options of your own replaced those of kbuild, the object was built outside of kbuild, or the compiler does so by default. Build through kbuild with ccflags-y += -fno-pic.',
          symbols.join(', '),
        )
      : t(
          'The code refers to a global offset table, which a linker would make and this kernel does not. It was compiled with -fPIC or -fPIE: options of your own replaced those of kbuild, the object was built outside of kbuild, or the compiler does so by default. Build through kbuild with ccflags-y += -fno-pic.',
        ),
  errnos: {},
  anchor: ({ first }) => (first ? { kind: 'relocation', ...first } : 'build'),
  fixes: ['rebuild'],
  samples: [
    { module: 'M', types: ['X'], symbols: ['S'], count: 1001, first: { section: 1001, index: 1002 } },
    { module: 'M', types: ['X'], symbols: [], count: 1001, first: { section: 1001, index: 1002 } },
    { module: 'M', types: [], symbols: [], count: 0, first: null },
  ],
});
