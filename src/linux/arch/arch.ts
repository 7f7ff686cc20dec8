// What one architecture adds to the loader: everything that differs stands in its Arch object, in its own folder.
import type { Addresses } from './addresses';
import type { Ehdr } from '../../formats/elf/header';
import type { PlainNote } from '../../findings/notes';
import type { Arch as ArchName, KernelFacts } from '../../target/types';
import type { Features } from '../features';
import type { LoadedSection } from '../kernel/module/loadedSection';
import type { Symtab } from '../kernel/module/symtab';
import type { SetFunction } from '../kernel/params/types';

export type { ArchName };

type Config = KernelFacts['config'];

/** Applies one relocation section to its target section; a positive errno when the kernel refuses an entry. */
export type ApplyRelocations<Load> = (
  load: Load,
  symtab: Symtab,
  section: LoadedSection,
  target: LoadedSection,
) => number;

/** How a relocation type is shown, and which field it fills. */
export interface RelocationType {
  readonly name: string;
  /** Width of the field in bytes; 0 for types that write nothing. */
  readonly bytes: number;
}

/** What an instruction does to the variable that its relocation names. */
export type Access = 'call' | 'read' | 'write' | 'unknown';

export interface OperandAccess {
  readonly access: Access;
  /** How many bytes behind the end of the field the instruction may end: the variable lies as much further. */
  readonly shifts: readonly number[];
}

/** Reads instructions for the hints about a module. */
export interface CodeReader {
  /** @param offset of the relocated field in the code; `type` of its relocation */
  accessOf(code: Uint8Array, offset: number, type: number): OperandAccess;
  /** Calls `reach` with where everything that may be a branch leads, as an offset in the bytes. */
  eachBranch(bytes: Uint8Array, reach: (offset: number) => void): void;
}

/** struct exception_table_entry of an architecture. */
export interface ExtableForm {
  /** In bytes. */
  readonly size: number;
  /** Fields of 32 bits that count from where they stand (ARCH_HAS_RELATIVE_EXTABLE); otherwise addresses. */
  readonly relative: boolean;
}

/** A section that lists code or data which the kernel changes once relocations are applied. */
export interface PatchTable {
  readonly section: string;
  /** The function that reads it. */
  readonly by: string;
  readonly does: PlainNote;
  /** Options of the configuration, one of which brings that function; none where every kernel has it. */
  readonly config: readonly string[];
}

/**
 * One architecture; `Load` is the loader's own state, given from outside so that this file does not need the loader. Optional hooks follow one rule: `null` means that the hook is not simulated yet, so the stage that
 * wants it reports *not checked*; an architecture whose kernel has no such hook says so with {@link nothingToDo}.
 */
export interface ArchOf<Load> {
  readonly name: ArchName;
  /** elf_check_arch(): values of e_machine that its kernels load; null where that is not known. */
  readonly machines: readonly number[] | null;
  readonly is64: boolean;
  readonly littleEndian: boolean;
  /** What else elf_check_arch() wants of the file's header; null where the machine is all. */
  readonly elfCheckArch: ((ehdr: Ehdr, bytes: Uint8Array, config: Config) => boolean) | null;
  /** module_elf_check_arch(), since 6.3; null for the kernel's default, which takes everything. */
  readonly moduleElfCheckArch: ((ehdr: Ehdr) => boolean) | null;
  /** Whether that configuration is of a kernel for it. */
  isConfigured(config: Config): boolean;
  /** PAGE_SIZE in bytes. */
  pageSize(config: Config): number;
  /** MODULE_ARCH_VERMAGIC (asm/vermagic.h; asm/module.h up to 5.7); null where that is not known. */
  vermagic(config: Config): string | null;
  /** HAVE_ARCH_PREL32_RELOCATIONS, since 4.19: export tables hold offsets instead of addresses. */
  readonly prel32Exports: boolean;
  /** Its compilers mark modules built with return trampolines, and its kernels look for the mark. */
  readonly retpoline: boolean;
  /** ignore_undef_symbol(): undefined symbols that nothing has to export. */
  readonly ignoredUndefined: readonly string[];
  /** Where memory of a kernel with that configuration lies. */
  addresses(config: Config): Addresses;
  /** module_frob_arch_sections(): what it prepares before the layout, such as PLT entries. */
  readonly frobArchSections: ((load: Load) => number) | null;
  /** module_finalize(), as far as it can refuse a module or prepares memory that is looked at. */
  readonly moduleFinalize: (load: Load) => number;
  /** Tables that module_finalize() works through, in its order. */
  readonly patchTables: readonly PatchTable[];
  /** struct exception_table_entry of a kernel; null where it is not known. */
  readonly extable: ((rows: Features['rows']) => ExtableForm) | null;
  /** Reports code that its kernels take for granted and do not check; null where no kernel wants any. */
  readonly codeMarks: ((load: Load) => void) | null;
  /** module_init_section() and module_exit_section(), where an architecture has names of its own for them. */
  readonly sectionPrefixes: SectionPrefixes;
  /** apply_relocate() for SHT_REL; 'unsupported' where its kernels refuse such sections (kernel/module/main.c). */
  readonly applyRelocate: ApplyRelocations<Load> | 'unsupported' | null;
  /** apply_relocate_add() for SHT_RELA. */
  readonly applyRelocateAdd: ApplyRelocations<Load> | 'unsupported' | null;
  /** The relocation types its kernels know, by number. */
  readonly relocationTypes: ReadonlyMap<number, RelocationType>;
  /** Types that go through a global offset table, by number, where its kernels make none for modules. */
  readonly foreignGot: ReadonlyMap<number, string>;
  /** null where instructions are not understood: hints that need them are not given. */
  readonly code: CodeReader | null;
  /** Evaluates a set function of the module's own code; null where its instructions are not understood. */
  readonly customSet: SetFunction<Load> | null;
}

/** Names that sections of init and exit code begin with. */
export interface SectionPrefixes {
  readonly init: readonly string[];
  readonly exit: readonly string[];
}

/** kernel/module/main.c: what applies unless an architecture says otherwise. */
export const COMMON_PREFIXES: SectionPrefixes = { init: ['.init'], exit: ['.exit'] };

/** For hooks that an architecture's kernel does not have. */
export const nothingToDo = (): number => 0;

/** Pages of 4 KiB in every configuration. */
export const pages4K = (): number => 4096;
