// The functions of a module as its file holds them, for what a kernel expects of code and does not check.
import { ByteReader } from '../../formats/bytes/byteReader';
import { nameString } from '../../formats/bytes/strings';
import { SHF_ALLOC, SHF_EXECINSTR, SHT_NOBITS, SHT_RELA, STT_FUNC } from '../../formats/elf/constants';
import { structSizes } from '../../formats/elf/header';
import { placeOf, Relocations, type Place } from '../../formats/elf/relocations';
import { sectionBytes, sectionName } from '../kernel/module/loadInfo';
import type { Load } from '../kernel/module/types';

/** One function, bytes from the start of its section. */
export interface CodeFunction {
  readonly name: string;
  readonly section: number;
  readonly start: number;
  /** 0 where the symbol has none, as in assembly. */
  readonly size: number;
}

/** Names that refusals and warnings list. */
export const MOST_NAMES = 20;

/** Every function of a 64-bit module that has a name, one for each place: the first in the table, init_module before others. */
export function functionsOf({ info, features }: Load): Map<Place, CodeFunction> {
  const found = new Map<Place, CodeFunction>();
  const r = new ByteReader(sectionBytes(info, info.index.sym), features.littleEndian);
  const { sym } = structSizes(true);
  for (let at = sym; at + sym <= r.length; at += sym) {
    if ((r.u8(at + 4) & 0xf) !== STT_FUNC) continue;
    const section = r.u16(at + 6);
    const header = info.sechdrs[section];
    if (!header || !(header.sh_flags & SHF_EXECINSTR) || header.sh_type === SHT_NOBITS) continue;
    const start = r.sizeWord(at + 8, true);
    const place = placeOf(section, start);
    const each = new NamedFunction(info.bytes, info.strtab + r.u32(at), section, start, r.sizeWord(at + 16, true));
    if (found.has(place) && !ENTRIES.has(each.name)) continue;
    found.set(place, each);
  }
  return found;
}

/** Most are never asked for their names. */
class NamedFunction implements CodeFunction {
  constructor(
    private readonly bytes: Uint8Array,
    private readonly nameAt: number,
    readonly section: number,
    readonly start: number,
    readonly size: number,
  ) {}

  get name(): string {
    return nameString(this.bytes, this.nameAt);
  }
}

/** What kbuild calls the functions that module_init() and module_exit() name. */
const ENTRIES: ReadonlySet<string> = new Set(['init_module', 'cleanup_module']);

/** DEFINE_STATIC_CALL() exports trampolines, which are reached by direct jumps alone. */
const TRAMPOLINE = '__SCT__';

/** Data that drivers fill with pointers to functions; tables for the kernel's own bookkeeping are others. */
const DATA = /^\.(?:data|rodata)(?:$|\.(?!\.percpu))/;

/**
 * Functions that the kernel or another module may call through a pointer: init, exit, what is exported, and what data
 * of the module points to. `functions` are those of {@link functionsOf}, `absolute` is the relocation type of an address of 64 bits.
 */
export function calledIndirectly(
  load: Load,
  functions: ReadonlyMap<Place, CodeFunction>,
  absolute: number,
): CodeFunction[] {
  const { info, mod, features } = load;
  const exported = new Set(mod.exports.flatMap(({ entries }) => entries.map(({ name }) => name)));
  const found = new Set<CodeFunction>();
  for (const each of functions.values())
    if ((ENTRIES.has(each.name) || exported.has(each.name)) && !each.name.startsWith(TRAMPOLINE)) found.add(each);
  const symbols = new ByteReader(sectionBytes(info, info.index.sym), features.littleEndian);
  const { sym } = structSizes(true);
  for (const section of info.sechdrs) {
    const target = info.sechdrs[section.sh_info];
    if (section.sh_type !== SHT_RELA || !target || !(target.sh_flags & SHF_ALLOC)) continue;
    if (!DATA.test(sectionName(info, target))) continue;
    const table = new Relocations(
      sectionBytes(info, section.index),
      true,
      features.littleEndian,
      true,
      info.ehdr.e_machine,
    );
    for (let i = 0; i < table.count; i++) {
      if (table.type(i) !== absolute) continue;
      const at = table.symbol(i) * sym;
      if (at + sym > symbols.length) continue;
      const place = placeOf(symbols.u16(at + 6), symbols.sizeWord(at + 8, true) + table.addend(i));
      const reached = functions.get(place);
      if (reached) found.add(reached);
    }
  }
  return [...found];
}

/** The bytes of a function's section. */
export const codeOf = ({ info }: Load, { section }: CodeFunction): Uint8Array => sectionBytes(info, section);
