// A module that the loader has to be asked about still uses and provides symbols, as far as its file can be read at all.
import type { SymbolId, SymbolNames } from '../../formats/ko/symbolNames';
import { readModuleSymbols, wholeModule } from '../readModule';
import { NO_CRC } from '../types';
import { moduleNameOfPath } from '../../formats/ko/moduleName';
import type { ExportTable } from '../../target/exportTable';
import { readSections } from '../../formats/elf/sectionByName';
import { readExports } from '../../formats/ko/exports';
import { findAnySec, getInfo, infoValues } from '../../linux/kernel/module/loadInfo';
import type { Kernel, Load } from '../../linux/kernel/module/types';
import type { OpenImport } from '../../linux/kernel/module/trial';
import type { Examined, ExaminedExport } from './examined';

/**
 * The same of a module whose symbols the loader has gone through before it refused it.
 * @param open what the trial left open
 */
export function readOpen({ info, mod, features }: Load, open: readonly OpenImport[], path: string): Examined {
  const isExporting = features.exportTables.some(table => findAnySec(info, `__ksymtab${table}`) !== 0);
  const sections = isExporting ? readSections(info.bytes) : null;
  return {
    // That of struct module, which is what the kernel goes by, and not that of .modinfo.
    name: mod.name || getInfo(info, 'name') || moduleNameOfPath(path),
    imports: open,
    exports: sections ? readExports(info.bytes, sections) : [],
    namespaces: infoValues(info, 'import_ns'),
    percpu: 0,
    unchecked: false,
    notChecked: [],
  };
}

/** What the module imports from others and exports; nothing where its bytes are no ELF file. */
export function readLoosely(file: Uint8Array, path: string, { facts, names }: Kernel): Examined {
  const whole = wholeModule(file);
  const symbols = whole && readModuleSymbols(whole, names);
  const imports: OpenImport[] = [];
  symbols?.imports.names.forEach((symbol, i) => {
    if (isInVmlinux(facts.exports, names, symbol)) return;
    const wanted = symbols.imports.crcs?.[i] ?? NO_CRC;
    imports.push({
      symbol,
      wanted: wanted === NO_CRC ? null : wanted,
      weak: symbols.imports.weak[i] === 1,
    });
  });
  const exports: ExaminedExport[] = [];
  symbols?.exports.names.forEach((symbol, i) => {
    const crc = symbols.exports.crcs[i] ?? NO_CRC;
    const namespace = symbols.exports.namespaces[i] ?? -1;
    exports.push({
      name: names.name(symbol),
      crc: crc === NO_CRC ? null : crc,
      namespace: namespace < 0 ? null : names.name(namespace),
    });
  });
  return {
    name: symbols?.name || moduleNameOfPath(path),
    imports,
    exports,
    namespaces: symbols?.importedNamespaces ?? [],
    percpu: 0,
    unchecked: false,
    notChecked: [],
  };
}

function isInVmlinux(exports: ExportTable, names: SymbolNames, symbol: SymbolId): boolean {
  return names.withBytes(symbol, (bytes, start, length) => exports.findInVmlinux(bytes, start, length)) >= 0;
}
