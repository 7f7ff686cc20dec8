// Most modules of a tree load without a word, and that can be seen without loading them. A screen tells these from the
// rest: what it lets pass, load_module() would take with nothing to say but notices of taint. What it does not let pass
// may be just as good; that is for the loader to say. It must never pass what the loader refuses.
import { noteText } from '../../findings/notes';
import { EM_X86_64, SHN_ABS, SHN_UNDEF, STB_WEAK } from '../../formats/elf/constants';
import { NO_CRC } from '../types';
import type { SymbolNames } from '../../formats/ko/symbolNames';
import { type SymbolId } from '../../formats/ko/symbolNames';
import { isGplCompatible, isProprietaryByName } from '../../linux/kernel/module/license';
import { BTF_UNKNOWN, validateModuleBtf } from '../../linux/kernel/module/prepareComingModule';
import { STRUCT_MODULE_UNKNOWN } from '../../linux/kernel/module/thisModuleSize';
import { mustImport } from '../../linux/kernel/module/namespace';
import { isIgnoredSymbol } from '../../linux/kernel/module/simplifySymbols';
import { eachExport } from './exports';
import { KernelExports, NOT_EXPORTED, ODD_EXPORT } from './kernelExports';
import { screenModinfo, type ScreenedModinfo } from './modinfo';
import { parameterNamesDiffer } from './parameters';
import { relocationsHold } from './relocations';
import type { VerifyPkcs7 } from '../../target/types';
import type { ScreenedKernel } from './screenedKernel';
import { MOST_SECTIONS, Sections, SYM } from './sections';
import { Signatures } from './signatures';
import { screenThisModule } from './thisModule';

const IGNORED = '_GLOBAL_OFFSET_TABLE_';
/** struct modversion_info: an unsigned long and the name. */
const VERSION = 64;

/** What a screen found out about one module, as far as the module alone tells. */
export interface Screened {
  readonly name: string;
  /** Ids of the symbols that vmlinux does not export, and the CRCs they are wanted with. */
  readonly imports: readonly SymbolId[];
  readonly importCrcs: readonly number[];
  /** 1 for a weak reference. */
  readonly importWeak: readonly number[];
  readonly exports: readonly SymbolId[];
  readonly exportCrcs: readonly number[];
  readonly exportNamespaces: readonly (string | null)[];
  /** Values of import_ns. */
  readonly namespaces: readonly string[];
  /** Bytes of per-cpu memory. */
  readonly percpu: number;
  /** What could not be checked, as indices into {@link Screen.reasons}. */
  readonly notChecked: readonly number[];
}

export class Screen {
  /** Why something could not be checked, each reason once. */
  readonly reasons: string[] = [];
  private readonly exports: KernelExports;
  private readonly signatures: Signatures | null;
  private readonly sections = new Sections();
  /** By id of a name: the CRC the current module wants, valid where the stamp is the module's. */
  private crcs = new Float64Array(1 << 12);
  private stamps = new Int32Array(1 << 12);
  private stamp = 0;
  /** The one undefined symbol that nobody has to export; -1 where there is none. */
  private readonly ignored: SymbolId;
  private btfInDoubt = false;
  private readonly marks = new Uint8Array(MOST_SECTIONS);

  constructor(
    private readonly kernel: ScreenedKernel,
    readonly names: SymbolNames,
    verify: VerifyPkcs7,
    private readonly options: { readonly relocations: boolean },
  ) {
    this.signatures = kernel.features.moduleSig ? new Signatures(kernel.facts, verify) : null;
    this.exports = new KernelExports(kernel.facts.exports, names);
    this.ignored = isIgnoredSymbol(kernel.features, EM_X86_64, IGNORED) ? names.addName(IGNORED) : -1;
  }

  /** Looks at a module file; null when it does not pass. */
  examine(file: Uint8Array): Screened | null {
    const { kernel, sections } = this;
    const length = this.signatures ? this.signatures.lengthWithout(file) : file.length;
    if (length < 0 || !sections.read(file.subarray(0, length))) return null;
    const name = screenThisModule(sections, kernel);
    if (name === null || kernel.takenNames.has(name) || name === 'vmlinux' || isProprietaryByName(name)) return null;
    if (name === 'ndiswrapper' || hasOddParts(sections)) return null;
    const modinfo = screenModinfo(sections.bytesOf('.modinfo'));
    if (!modinfo || !this.modinfoPasses(modinfo, sections) || !this.btfPasses(sections)) return null;
    if (!parameterNamesDiffer(sections)) return null;
    const found = this.link(sections, name, modinfo.namespaces);
    if (!found) return null;
    if (this.options.relocations && !relocationsHold(sections, this.kernel, this.marks)) return null;
    return found;
  }

  private modinfoPasses({ vermagic, license, livepatch, namespaces }: ScreenedModinfo, sections: Sections): boolean {
    const { features, facts, magicRest } = this.kernel;
    if (livepatch || vermagic === null || !isGplCompatible(license)) return false;
    if (features.moduleNamespaces && namespaces.some(value => value.startsWith('module:'))) return false;
    if (vermagic === facts.vermagic) return true;
    // same_magic(): with symbol versions the release does not count.
    const space = vermagic.indexOf(' ');
    return (
      features.modversions && sections.find('__versions') !== 0 && space >= 0 && vermagic.slice(space) === magicRest
    );
  }

  private btfPasses(sections: Sections): boolean {
    const { features, facts } = this.kernel;
    this.btfInDoubt = false;
    if (!features.btfModules || sections.sizeOf('.BTF') === 0) return true;
    const base = sections.find('.BTF.base') === 0 ? null : sections.bytesOf('.BTF.base');
    const verdict = validateModuleBtf(features, facts, sections.bytesOf('.BTF'), base);
    this.btfInDoubt = !verdict.complete;
    return verdict.errno === 0;
  }

  /** simplify_symbols(), and the exports. */
  private link(sections: Sections, name: string, namespaces: readonly string[]): Screened | null {
    if (!this.readVersions(sections)) return null;
    const imports: SymbolId[] = [];
    const importCrcs: number[] = [];
    const importWeak: number[] = [];
    const { view, file, symtab, strtab, count: shnum } = sections;
    const first = sections.offset[symtab] ?? 0;
    const end = first + (sections.size[symtab] ?? 0) - SYM;
    const strings = sections.offset[strtab] ?? 0;
    const stringsSize = sections.size[strtab] ?? 0;
    for (let at = first; at <= end; at += SYM) {
      const st_shndx = view.getUint16(at + 6, true);
      const st_name = view.getUint32(at, true);
      if (st_name >= stringsSize) return null;
      if (st_shndx !== SHN_UNDEF) {
        if (st_shndx >= shnum && st_shndx !== SHN_ABS) return null;
        continue;
      }
      if (at === first) continue;
      const start = strings + st_name;
      const symbol = this.names.add(file, start, file.indexOf(0, start));
      const weak = view.getUint8(at + 4) >> 4 === STB_WEAK;
      const state = this.resolve(symbol, name, namespaces);
      if (state === 'refused') return null;
      if (state === 'ok') continue;
      imports.push(symbol);
      importCrcs.push(this.wanted(symbol));
      importWeak.push(weak ? 1 : 0);
    }
    const exports: SymbolId[] = [];
    const exportCrcs: number[] = [];
    const exportNamespaces: (string | null)[] = [];
    let fresh = true;
    const sorted = eachExport(sections, this.kernel.features, (start, stop, crc, namespace) => {
      const symbol = this.names.add(file, start, stop);
      fresh &&= this.exports.rowOf(symbol) === NOT_EXPORTED;
      exports.push(symbol);
      exportCrcs.push(crc ?? NO_CRC);
      exportNamespaces.push(namespace);
    });
    if (!sorted || !fresh) return null;
    const percpu = sections.sizeOf('.data..percpu');
    const notChecked = this.doubts();
    return {
      name,
      imports,
      importCrcs,
      importWeak,
      exports,
      exportCrcs,
      exportNamespaces,
      namespaces,
      percpu,
      notChecked,
    };
  }

  /** Whether the kernel itself has the symbol, with the version wanted and in a namespace the module imports. */
  private resolve(symbol: SymbolId, module: string, namespaces: readonly string[]): 'ok' | 'refused' | 'unknown' {
    const { exports, kernel } = this;
    const { features } = kernel;
    const row = exports.rowOf(symbol);
    if (row === ODD_EXPORT) return 'refused';
    if (row === NOT_EXPORTED) return symbol === this.ignored ? 'ok' : 'unknown';
    if (features.modversions && this.wanted(symbol) !== exports.crc(row)) return 'refused';
    const namespace = exports.namespace(row);
    return !mustImport(features, namespace, module) || namespaces.includes(namespace) ? 'ok' : 'refused';
  }

  /** What could not be checked about the module at hand. */
  private doubts(): number[] {
    const texts: (string | null | undefined)[] = [
      this.signatures?.doubt,
      this.kernel.facts.structModule ? null : noteText(STRUCT_MODULE_UNKNOWN),
      this.btfInDoubt ? noteText(BTF_UNKNOWN) : null,
    ];
    return texts.flatMap(text => (text ? this.reason(text) : []));
  }

  private reason(text: string): number {
    const known = this.reasons.indexOf(text);
    return known >= 0 ? known : this.reasons.push(text) - 1;
  }

  private wanted(symbol: SymbolId): number {
    return this.stamps[symbol] === this.stamp ? (this.crcs[symbol] ?? NO_CRC) : NO_CRC;
  }

  /** Takes down the CRCs of __versions; false when the module has none and needs some, or has the newer tables. */
  private readVersions(sections: Sections): boolean {
    const { features, facts } = this.kernel;
    this.stamp++;
    if (features.extendedModversions && sections.find('__version_ext_crcs') !== sections.find('__version_ext_names'))
      return false;
    if (!features.modversions) return true;
    const table = sections.find('__versions');
    if (table === 0 || sections.find('__version_ext_crcs') !== 0) return false;
    const { view, file } = sections;
    const first = sections.offset[table] ?? 0;
    const end = first + (sections.size[table] ?? 0) - VERSION;
    for (let at = first; at <= end; at += VERSION) {
      const stop = file.indexOf(0, at + 8);
      if (view.getUint32(at + 4, true) !== 0 || stop < 0 || stop >= at + VERSION) return false;
      this.want(this.names.add(file, at + 8, stop), view.getUint32(at, true));
    }
    const layout = this.names.addName('module_layout');
    const row = this.exports.rowOf(layout);
    return facts.exports.size > 0 && row >= 0 && this.wanted(layout) === this.exports.crc(row);
  }

  /** Of several CRCs for a name the first counts. */
  private want(symbol: SymbolId, crc: number): void {
    if (symbol >= this.stamps.length) {
      const stamps = new Int32Array(2 * symbol);
      const crcs = new Float64Array(2 * symbol);
      stamps.set(this.stamps);
      crcs.set(this.crcs);
      this.stamps = stamps;
      this.crcs = crcs;
    }
    if (this.stamps[symbol] === this.stamp) return;
    this.stamps[symbol] = this.stamp;
    this.crcs[symbol] = crc;
  }
}

/** Sections that only some kernels understand, or that no module should have. */
function hasOddParts(sections: Sections): boolean {
  return (
    (sections.find('.ctors') !== 0 && sections.find('.init_array') !== 0) ||
    sections.find('__obsparm') !== 0 ||
    sections.find('__ksymtab_gpl_future') !== 0 ||
    sections.find('__ksymtab_unused') !== 0 ||
    sections.find('__ksymtab_unused_gpl') !== 0
  );
}
