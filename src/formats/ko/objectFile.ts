// A module as an object file: its sections by name, its symbols, and which function or object a place belongs to.
import { STT_FUNC, STT_NOTYPE, STT_OBJECT, SHN_LORESERVE } from '../elf/constants';
import { equalsCString, nameString, toBytes } from '../bytes/strings';
import { readEhdr, type SectionIndex } from '../elf/header';
import { offsetOf, placeOf, relocationsByTarget, sectionOf, type Place, type Relocations } from '../elf/relocations';
import { readSections, type SectionTable } from '../elf/sectionByName';
import { readExports, type ModuleExport } from './exports';
import { readSymbolTable, type SymbolIndex, type SymbolTable } from '../elf/symtab';

/** A function or object of the module. */
export interface Container {
  readonly symbol: SymbolIndex;
  readonly name: string;
  readonly isFunction: boolean;
  readonly place: Place;
  /** Bytes; 0 when the symbol table does not say. */
  readonly size: number;
}

const ALIASES = ['init_module', 'cleanup_module'].map(toBytes);

/** More functions and objects than the largest modules have by far. */
const MOST_CONTAINERS = 100_000;

/** Static functions of one name in many files are a few dozen. */
const MOST_OF_A_NAME = 200;

/** Reads what it is asked for: a name may take a kilobyte. */
class SymbolContainer implements Container {
  readonly place: Place;
  readonly size: number;
  readonly isFunction: boolean;

  constructor(
    private readonly symbols: SymbolTable,
    readonly symbol: SymbolIndex,
  ) {
    this.place = placeOf(symbols.section(symbol), symbols.value(symbol));
    this.size = symbols.bytes(symbol);
    this.isFunction = symbols.type(symbol) === STT_FUNC;
  }

  get name(): string {
    return this.symbols.name(this.symbol);
  }
}

export class ObjectFile {
  readonly machine: number;
  readonly symbols: SymbolTable;
  readonly relocations: ReadonlyMap<SectionIndex, Relocations>;
  readonly sectionNames: readonly string[];
  /** Of the sorted symbols: looked through for every reference. */
  private places = new Float64Array(0);
  private readonly known = new Map<SymbolIndex, Container>();
  private sorted: readonly SymbolIndex[] | null = null;
  private named: ReadonlyMap<string, readonly SymbolIndex[]> | null = null;
  private exported: readonly ModuleExport[] | null = null;

  constructor(
    readonly file: Uint8Array,
    readonly sections: SectionTable,
  ) {
    this.machine = readEhdr(file, sections.format).e_machine;
    this.symbols = readSymbolTable(file, sections);
    this.relocations = relocationsByTarget(file, sections);
    this.sectionNames = sectionNames(sections);
  }

  /** The function or object that covers a place; before the first symbol of a section, null. */
  containerAt(place: Place): Container | null {
    const sorted = this.sortedSymbols();
    const { places } = this;
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    for (let at = low - 1; at >= 0 && at > low - 5; at--) {
      const container = this.container(sorted[at] ?? 0);
      if (sectionOf(container.place) !== sectionOf(place)) return null;
      // A symbol without size reaches up to the next.
      if (container.size === 0 ? at === low - 1 : offsetOf(place) < offsetOf(container.place) + container.size)
        return container;
    }
    return null;
  }

  /** Functions and objects of that name; local ones may share it. */
  containersNamed(name: string): Container[] {
    if (!this.named) {
      const named = new Map<string, SymbolIndex[]>();
      for (const index of this.sortedSymbols()) {
        const name = this.symbols.name(index);
        const list = named.get(name);
        if (!list) named.set(name, [index]);
        else if (list.length < MOST_OF_A_NAME) list.push(index);
      }
      this.named = named;
    }
    return (this.named.get(name) ?? []).map(index => this.container(index));
  }

  /** Exports in the order of the symbol table. */
  exports(): readonly ModuleExport[] {
    return (this.exported ??= readExports(this.file, this.sections));
  }

  /** Every function and object, in the order of places. */
  containers(): Container[] {
    return this.sortedSymbols().map(index => this.container(index));
  }

  placeOfSymbol(index: SymbolIndex): Place {
    return placeOf(this.symbols.section(index), this.symbols.value(index));
  }

  private container(symbol: SymbolIndex): Container {
    let container = this.known.get(symbol);
    if (!container) this.known.set(symbol, (container = new SymbolContainer(this.symbols, symbol)));
    return container;
  }

  /** Of names for one place the one in the source comes last: module_init() makes init_module another name. */
  private rank(symbol: SymbolIndex): number {
    const { strings } = this.symbols;
    return ALIASES.some(alias => equalsCString(strings, this.symbols.nameStart(symbol), alias)) ? 0 : 1;
  }

  private sortedSymbols(): readonly SymbolIndex[] {
    if (this.sorted) return this.sorted;
    const { symbols } = this;
    const found: SymbolIndex[] = [];
    for (let i = 1; i < symbols.count && found.length < MOST_CONTAINERS; i++) {
      const [type, section] = [symbols.type(i), symbols.section(i)];
      const counts = type === STT_FUNC || type === STT_OBJECT || (type === STT_NOTYPE && symbols.bytes(i) > 0);
      if (counts && section !== 0 && section < SHN_LORESERVE) found.push(i);
    }
    const places = new Float64Array(symbols.count);
    for (const index of found) places[index] = this.placeOfSymbol(index);
    found.sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0) || this.rank(a) - this.rank(b));
    this.places = Float64Array.from(found, index => places[index] ?? 0);
    return (this.sorted = found);
  }
}

/** Each name is read once: tens of thousands of sections may share one of a kilobyte. */
function sectionNames({ names, shdrs }: SectionTable): string[] {
  const known = new Map<number, string>();
  return shdrs.map(({ sh_name }) => {
    let name = known.get(sh_name);
    if (name === undefined) known.set(sh_name, (name = nameString(names, sh_name)));
    return name;
  });
}

/** Null when the bytes are no ELF file. */
export function openObject(file: Uint8Array): ObjectFile | null {
  const sections = readSections(file);
  return sections && new ObjectFile(file, sections);
}
