// Modules as kernels from 2.6.21 on took them: either class, either byte order, REL or RELA, and parameters and exports in the form
// of their time. Written section by section, because no compiler at hand writes them any more.

export interface ClassicFormat {
  readonly is64: boolean;
  readonly littleEndian: boolean;
  /** e_machine */
  readonly machine: number;
  readonly e_flags?: number;
  /** SHT_RELA instead of SHT_REL. */
  readonly rela: boolean;
  /** Type of the relocation that writes an address. */
  readonly pointer: number;
}

export const I386: ClassicFormat = { is64: false, littleEndian: true, machine: 3, rela: false, pointer: 1 };
export const X86_64: ClassicFormat = { is64: true, littleEndian: true, machine: 62, rela: true, pointer: 1 };
export const ARM: ClassicFormat = {
  is64: false,
  littleEndian: true,
  machine: 40,
  e_flags: 0x0500_0000,
  rela: false,
  pointer: 2,
};
/** 32-bit PowerPC */
export const PPC: ClassicFormat = { is64: false, littleEndian: false, machine: 20, rela: true, pointer: 1 };
/** Big-endian MIPS, o32 */
export const MIPS: ClassicFormat = { is64: false, littleEndian: false, machine: 8, rela: false, pointer: 2 };

export interface ClassicParam {
  readonly name: string;
  /** After param_ops_, param_set_ and param_get_. */
  readonly type: string;
  /** Contents of the variable. */
  readonly value: Uint8Array;
  /** The variable is a char pointer, to this. */
  readonly text?: string;
  /** Elements of an array: bytes of each, and the variable holds all. */
  readonly array?: { readonly max: number; readonly elemsize: number; readonly counted: boolean };
  /** Flags in struct kernel_param: 2 for a bool that is one (2.6.31 to 3.2). */
  readonly flags?: number;
}

export interface ClassicExport {
  readonly name: string;
  /** '' or '_gpl', '_gpl_future', '_unused' … */
  readonly table?: string;
  readonly crc?: number;
}

export interface ClassicModule {
  readonly name: string;
  readonly format: ClassicFormat;
  readonly modinfo: readonly string[];
  /** __versions; none where it is left out. */
  readonly versions?: readonly (readonly [name: string, crc: number])[];
  readonly undefinedSymbols?: readonly string[];
  readonly weakSymbols?: readonly string[];
  readonly params?: readonly ClassicParam[];
  /** struct kernel_param: `functions` up to 2.6.35, `ops` up to 4.1, `module` since. */
  readonly paramForm?: 'functions' | 'ops' | 'module';
  readonly exports?: readonly ClassicExport[];
  readonly hasInit?: boolean;
  readonly hasExit?: boolean;
  /** Further sections. */
  readonly sections?: readonly { readonly name: string; readonly flags: number; readonly data: Uint8Array }[];
  /** Further relocations of .text: type by offset. */
  readonly textRelocations?: readonly (readonly [offset: number, symbol: string, type: number])[];
  /** Behind the file: a signature. */
  readonly trailer?: Uint8Array;
}

const [WRITE, ALLOC, EXEC] = [1, 2, 4];

interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly data: Uint8Array;
  readonly align: number;
  readonly link?: string;
  readonly info?: string;
}

/** Bytes with words in the class and byte order of a format, and the pointers in them that relocations fill in. */
class Words {
  readonly bytes: number[] = [];
  readonly pointers: [offset: number, symbol: string, addend: number, type?: number][] = [];

  constructor(private readonly format: ClassicFormat) {}

  number(value: number, size: number): this {
    for (let i = 0; i < size; i++) {
      const at = this.format.littleEndian ? i : size - 1 - i;
      this.bytes.push(Math.floor(value / 2 ** (8 * at)) & 0xff);
    }
    return this;
  }

  word(value: number): this {
    return this.number(value, this.format.is64 ? 8 : 4);
  }

  pointer(symbol: string, addend = 0): this {
    this.pointers.push([this.bytes.length, symbol, addend]);
    return this.word(this.format.rela ? 0 : addend);
  }

  raw(data: Uint8Array, align = 1): number {
    while (this.bytes.length % align !== 0) this.bytes.push(0);
    const at = this.bytes.length;
    this.bytes.push(...data);
    return at;
  }
}

const text = (value: string): Uint8Array => Buffer.from(value + '\0', 'latin1');

/** Builds the file. */
export function classicModule(module: ClassicModule): { path: string; bytes: Uint8Array } {
  const { format, name } = module;
  const { is64 } = format;
  const word = is64 ? 8 : 4;
  const make = (): Words => new Words(format);
  const code = make();
  code.raw(new Uint8Array(32).fill(0x90));
  for (const [offset, symbol, type] of module.textRelocations ?? []) code.pointers.push([offset, symbol, 0, type]);
  const data = make();
  const strings = make();
  const tables = new Map<string, Words>();
  const used = new Set<string>();
  const use = (symbol: string): string => {
    used.add(symbol);
    return symbol;
  };
  const defined = new Map<string, readonly [section: string, offset: number]>();

  const params = make();
  for (const { name: param, type, value, text: pointed, array, flags = 0 } of module.params ?? []) {
    const nameAt = strings.raw(text(param));
    const at = data.raw(pointed === undefined ? value : new Uint8Array(0), 8);
    if (pointed !== undefined) data.pointer('.rodata.str', strings.raw(text(pointed)));
    let argument = at;
    const isFunctions = module.paramForm === 'functions';
    if (array) {
      const counter = data.raw(new Uint8Array(4), 8);
      argument = data.raw(new Uint8Array(0), 8);
      const number = (): Words => (array.counted ? data.pointer('.data', counter) : data.word(0));
      if (isFunctions) {
        data.word(array.max);
        number();
        data
          .pointer(use(`param_set_${type}`))
          .pointer(use(`param_get_${type}`))
          .word(array.elemsize);
      } else {
        data.number(array.max, 4).number(array.elemsize, 4);
        number();
        data.pointer(use(`param_ops_${type}`));
      }
      data.pointer('.data', at);
    }
    params.pointer('.rodata.str', nameAt);
    if (module.paramForm === 'module') params.pointer('__this_module');
    const perm = (): void => {
      params.number(0o644, 2).number(flags, 2);
      if (is64) params.number(0, 4);
    };
    if (isFunctions) {
      perm();
      params.pointer(use(array ? 'param_array_set' : `param_set_${type}`));
      params.pointer(use(array ? 'param_array_get' : `param_get_${type}`));
    } else {
      params.pointer(use(array ? 'param_array_ops' : `param_ops_${type}`));
      perm();
    }
    params.pointer('.data', argument);
  }

  for (const { name: exported, table = '', crc } of module.exports ?? []) {
    const symbols = tables.get(`__ksymtab${table}`) ?? make();
    tables.set(`__ksymtab${table}`, symbols);
    defined.set(exported, ['.text', 8 * defined.size]);
    symbols.pointer(exported).pointer('.rodata.str', strings.raw(text(exported)));
    if (crc === undefined) continue;
    const crcs = tables.get(`__kcrctab${table}`) ?? make();
    tables.set(`__kcrctab${table}`, crcs);
    crcs.word(crc);
  }

  const structModule = make();
  structModule.raw(new Uint8Array(is64 ? 24 : 12));
  structModule.raw(Buffer.alloc(is64 ? 56 : 60, name + '\0'.repeat(60), 'latin1'));
  structModule.raw(new Uint8Array(2 * word));
  if (module.hasInit ?? true) {
    defined.set('init_module', ['.text', 0]);
    structModule.pointer('init_module');
  } else structModule.word(0);
  if (module.hasExit ?? true) {
    defined.set('cleanup_module', ['.text', 16]);
    structModule.pointer('cleanup_module');
  } else structModule.word(0);
  structModule.raw(new Uint8Array(128));

  const versions = make();
  for (const [symbol, crc] of module.versions ?? [])
    versions.word(crc).raw(Buffer.alloc(64 - word, symbol + '\0'.repeat(64), 'latin1'));

  const filled: [string, number, number, Words][] = [
    ['.text', ALLOC | EXEC, 16, code],
    ['.rodata.str', ALLOC, 1, strings],
    ...Array.from(tables, ([table, words]): [string, number, number, Words] => [table, ALLOC, word, words]),
    ['__param', ALLOC, word, params],
    ['.data', ALLOC | WRITE, 8, data],
    ['.gnu.linkonce.this_module', ALLOC | WRITE, 32, structModule],
  ];
  const parts = filled.filter(([, , , words]) => words.bytes.length > 0);
  for (const [section] of parts) defined.set(section, [section, 0]);
  defined.set('__this_module', ['.gnu.linkonce.this_module', 0]);

  const symbolNames = [...defined.keys(), ...used, ...(module.undefinedSymbols ?? []), ...(module.weakSymbols ?? [])];
  const sections: Section[] = parts.map(([section, flags, align, words]) => ({
    name: section,
    type: 1,
    flags,
    align,
    data: Uint8Array.from(words.bytes),
  }));
  sections.push({
    name: '.modinfo',
    type: 1,
    flags: ALLOC,
    align: 1,
    data: Buffer.concat(module.modinfo.map(text)),
  });
  if (module.versions)
    sections.push({ name: '__versions', type: 1, flags: ALLOC, align: 32, data: Uint8Array.from(versions.bytes) });
  for (const each of module.sections ?? []) sections.push({ ...each, type: 1, align: 4 });
  for (const [section, , , words] of parts) {
    if (words.pointers.length === 0) continue;
    const entries = make();
    for (const [offset, symbol, addend, type = format.pointer] of words.pointers) {
      const number = symbolNames.indexOf(symbol) + 1;
      entries.word(offset);
      if (is64) entries.number(type, 4).number(number, 4);
      else entries.number(number * 256 + type, 4);
      if (format.rela) entries.word(addend);
    }
    sections.push({
      name: `${format.rela ? '.rela' : '.rel'}${section}`,
      type: format.rela ? 4 : 9,
      flags: 0,
      align: word,
      data: Uint8Array.from(entries.bytes),
      link: '.symtab',
      info: section,
    });
  }
  return { path: `${name}.ko`, bytes: write(module, sections, symbolNames, defined) };
}

function write(
  { format, weakSymbols = [], trailer = new Uint8Array(0) }: ClassicModule,
  contents: readonly Section[],
  symbols: readonly string[],
  defined: ReadonlyMap<string, readonly [section: string, offset: number]>,
): Uint8Array {
  const { is64 } = format;
  const index = (name: string | undefined): number => 1 + contents.findIndex(section => section.name === name);
  const strings = Buffer.concat([Buffer.from('\0'), ...symbols.map(text)]);
  const table = new Words(format);
  table.raw(new Uint8Array(is64 ? 24 : 16));
  let at = 1;
  for (const symbol of symbols) {
    const [section, offset] = defined.get(symbol) ?? [undefined, 0];
    const info = ((section === symbol ? 0 : weakSymbols.includes(symbol) ? 2 : 1) << 4) | 0;
    table.number(at, 4);
    at += symbol.length + 1;
    const shndx = section === undefined ? 0 : index(section);
    if (is64) table.number(info, 1).number(0, 1).number(shndx, 2).word(offset).word(0);
    else table.word(offset).word(0).number(info, 1).number(0, 1).number(shndx, 2);
  }
  const all: Section[] = [
    { name: '', type: 0, flags: 0, data: new Uint8Array(0), align: 0 },
    ...contents,
    { name: '.symtab', type: 2, flags: 0, data: Uint8Array.from(table.bytes), align: 4, link: '.strtab' },
    { name: '.strtab', type: 3, flags: 0, data: strings, align: 1 },
    { name: '.shstrtab', type: 3, flags: 0, data: new Uint8Array(0), align: 1 },
  ];
  const names = Buffer.concat(all.map(({ name }) => text(name)));
  all[all.length - 1] = { name: '.shstrtab', type: 3, flags: 0, data: names, align: 1 };
  const file = new Words(format);
  file.raw(Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, format.littleEndian ? 1 : 2, 1]));
  file.raw(new Uint8Array(9));
  const [header, size] = is64 ? [64, 64] : [52, 40];
  const offsets: number[] = [];
  let end = header;
  for (const { data } of all) {
    offsets.push(end);
    end += (data.length + 15) & ~15;
  }
  file.number(1, 2).number(format.machine, 2).number(1, 4).word(0).word(0).word(end);
  file
    .number(format.e_flags ?? 0, 4)
    .number(header, 2)
    .number(0, 2)
    .number(0, 2)
    .number(size, 2);
  file.number(all.length, 2).number(all.length - 1, 2);
  for (const [i, { data }] of all.entries()) {
    while (file.bytes.length < (offsets[i] ?? 0)) file.bytes.push(0);
    file.raw(data);
  }
  while (file.bytes.length < end) file.bytes.push(0);
  let name = 0;
  for (const [i, section] of all.entries()) {
    const find = (wanted: string | undefined): number =>
      wanted === undefined ? 0 : all.findIndex(each => each.name === wanted);
    file.number(name, 4).number(section.type, 4).word(section.flags).word(0);
    file.word(i === 0 ? 0 : (offsets[i] ?? 0)).word(section.data.length);
    file.number(find(section.link), 4).number(find(section.info), 4).word(section.align).word(0);
    name += section.name.length + 1;
  }
  return Uint8Array.from([...file.bytes, ...trailer]);
}
