// A module that does not pass a screen still uses and provides symbols, as far as its file can be read at all.
import type { SymbolId, SymbolNames } from '../../formats/ko/symbolNames';
import { readModuleSymbols, wholeModule } from '../readModule';
import { NO_CRC } from '../types';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { ExportTable } from '../../target/exportTable';
import type { Screened } from './screen';

/** What the module imports from others and exports; nothing where its bytes are no ELF file. */
export function readLoosely(file: Uint8Array, path: string, kernel: ExportTable, names: SymbolNames): Screened {
  const whole = wholeModule(file);
  const symbols = whole && readModuleSymbols(whole, names);
  const imports: number[] = [];
  const importCrcs: number[] = [];
  const importWeak: number[] = [];
  symbols?.imports.names.forEach((symbol, i) => {
    if (isInVmlinux(kernel, names, symbol)) return;
    imports.push(symbol);
    importCrcs.push(symbols.imports.crcs?.[i] ?? NO_CRC);
    importWeak.push(symbols.imports.weak[i] ?? 0);
  });
  const exports = symbols?.exports;
  return {
    name: symbols?.name || moduleNameOfPath(path),
    imports,
    importCrcs,
    importWeak,
    exports: exports ? Array.from(exports.names) : [],
    exportCrcs: exports ? Array.from(exports.crcs) : [],
    exportNamespaces: exports ? Array.from(exports.namespaces, id => (id < 0 ? null : names.name(id))) : [],
    namespaces: symbols?.importedNamespaces ?? [],
    percpu: 0,
    notChecked: [],
  };
}

function isInVmlinux(exports: ExportTable, names: SymbolNames, symbol: SymbolId): boolean {
  return names.withBytes(symbol, (bytes, start, length) => exports.findInVmlinux(bytes, start, length)) >= 0;
}
