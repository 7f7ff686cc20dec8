// Small relocatable ELF64 files for tests, described section by section.

export interface SectionSpec {
  readonly name: string;
  readonly type?: number;
  readonly flags?: number;
  readonly data: Uint8Array;
  /** sh_size where it is not the length of `data`: SHT_NOBITS. */
  readonly size?: number;
  /** sh_addralign; 1 when left out. */
  readonly align?: number | bigint;
  /** Name of the section that sh_link, or sh_info, refers to. */
  readonly link?: string;
  readonly info?: string;
}

/** An x86_64 ET_REL file with the given sections, then .shstrtab. */
export function makeElf(sections: readonly SectionSpec[]): Uint8Array {
  const all = [
    { name: '', type: 0, data: new Uint8Array() },
    ...sections,
    { name: '.shstrtab', type: 3, data: new Uint8Array() },
  ];
  const names = Buffer.from(all.map(section => section.name + '\0').join(''), 'latin1');
  const specs: SectionSpec[] = all.map((section, i) => (i === all.length - 1 ? { ...section, data: names } : section));
  const index = (name: string | undefined): number => (name === undefined ? 0 : specs.findIndex(s => s.name === name));
  const offsets: number[] = [];
  let at = 64;
  for (const spec of specs) {
    offsets.push(at);
    at += (spec.data.length + 7) & ~7;
  }
  const bytes = new Uint8Array(at + specs.length * 64);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 1, true);
  view.setUint16(18, 62, true);
  view.setUint32(20, 1, true);
  view.setUint32(40, at, true);
  view.setUint16(52, 64, true);
  view.setUint16(58, 64, true);
  view.setUint16(60, specs.length, true);
  view.setUint16(62, specs.length - 1, true);
  let name = 0;
  specs.forEach((spec, i) => {
    bytes.set(spec.data, offsets[i] ?? 0);
    const header = at + i * 64;
    view.setUint32(header, name, true);
    name += spec.name.length + 1;
    view.setUint32(header + 4, spec.type ?? 1, true);
    view.setUint32(header + 8, spec.flags ?? 0, true);
    view.setUint32(header + 24, i === 0 ? 0 : (offsets[i] ?? 0), true);
    view.setUint32(header + 32, spec.size ?? spec.data.length, true);
    view.setUint32(header + 40, index(spec.link), true);
    view.setUint32(header + 44, index(spec.info), true);
    view.setBigUint64(header + 48, BigInt(spec.align ?? 1), true);
  });
  return bytes;
}

/** A module that has a `struct module` of `size` bytes with init and exit at these offsets, and this .modinfo. */
export function makeModule(
  shape: { size: number; init?: number; exit?: number },
  modinfo: readonly string[],
): Uint8Array {
  const functions = [
    { name: 'init_module', at: shape.init },
    { name: 'cleanup_module', at: shape.exit },
  ].filter(f => f.at !== undefined);
  const strings = Buffer.from('\0' + functions.map(f => f.name + '\0').join(''), 'latin1');
  const symtab = new DataView(new ArrayBuffer(24 * (functions.length + 1)));
  const rela = new DataView(new ArrayBuffer(24 * functions.length));
  functions.forEach((f, i) => {
    symtab.setUint32(24 * (i + 1), strings.indexOf(f.name + '\0'), true);
    rela.setUint32(24 * i, f.at ?? 0, true);
    rela.setUint32(24 * i + 8, 1, true);
    rela.setUint32(24 * i + 12, i + 1, true);
  });
  return makeElf([
    { name: '.modinfo', flags: 2, data: Buffer.from(modinfo.map(entry => entry + '\0').join(''), 'latin1') },
    { name: '.gnu.linkonce.this_module', flags: 3, data: new Uint8Array(shape.size) },
    {
      name: '.rela.gnu.linkonce.this_module',
      type: 4,
      data: new Uint8Array(rela.buffer),
      link: '.symtab',
      info: '.gnu.linkonce.this_module',
    },
    { name: '.symtab', type: 2, data: new Uint8Array(symtab.buffer), link: '.strtab' },
    { name: '.strtab', type: 3, data: strings },
  ]);
}
