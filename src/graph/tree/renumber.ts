// Columns of modules whose numbers are others now.
import type { ModuleNumber, ExaminedColumns, SymbolColumns } from './columns';

/** Stands for a module that is to be left out. */
export const LEFT_OUT = -1;

/** @param numbers by old number the new one, or {@link LEFT_OUT} */
export function renumbered(columns: ExaminedColumns, numbers: Int32Array): ExaminedColumns {
  const numberOf = (module: ModuleNumber): number => numbers[module] ?? LEFT_OUT;
  return {
    ...columns,
    rows: columns.rows.flatMap(row => {
      const module = numberOf(row.module);
      return module === LEFT_OUT ? [] : { ...row, module };
    }),
    imports: symbols(columns.imports, numberOf),
    exports: symbols(columns.exports, numberOf),
  };
}

function symbols({ modules, names, crcs, marks }: SymbolColumns, numberOf: (module: number) => number): SymbolColumns {
  const numbers = modules.map(numberOf);
  if (!numbers.includes(LEFT_OUT)) return { modules: numbers, names, crcs, marks };
  const stays = (_: number, i: number): boolean => numbers[i] !== LEFT_OUT;
  return {
    modules: numbers.filter(stays),
    names: names.filter(stays),
    crcs: crcs.filter(stays),
    marks: marks.filter(stays),
  };
}
