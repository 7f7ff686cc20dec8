// The modules the bench measures: stock ones chosen by size and relocations, and one built with debug information.
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SHT_RELA } from '../../src/formats/elf/constants';
import { readSections } from '../../src/formats/elf/sectionByName';
import { getModinfo } from '../../src/formats/ko/modinfo';
import type { LabKernel } from '../kernel/lib/kernels';
import { linkPackages } from '../kernel/lib/build';
import { labDir } from '../kernel/lib/paths';
import { hasProgram, run } from '../kernel/lib/shell';
import { listModules } from '../kernel/lib/stockTree';

export interface BenchModule {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Modules it needs, in load order. */
  readonly depends: readonly Uint8Array[];
}

/** Bytes of relocations in a module. */
export function relocationBytes(bytes: Uint8Array): number {
  const shdrs = readSections(bytes)?.shdrs ?? [];
  return shdrs.filter(shdr => shdr.sh_type === SHT_RELA).reduce((sum, shdr) => sum + shdr.sh_size, 0);
}

/** The modules of a tree with what they depend on. */
export class Tree {
  private readonly files: ReadonlyMap<string, string>;

  constructor(directory: string) {
    this.files = new Map(listModules(directory).map(file => [nameOf(file), file]));
  }

  /** The module whose file is closest to `size` bytes and needs no other. */
  closestTo(size: number): BenchModule {
    const bySize = [...this.files]
      .map(([name, file]) => ({ name, distance: Math.abs(statSync(file).size - size) }))
      .sort((a, b) => a.distance - b.distance);
    for (const { name } of bySize) {
      const module = this.read(name);
      if (module.depends.length === 0) return module;
    }
    throw new Error('no module without dependencies');
  }

  /** The module with the most relocations. */
  mostRelocated(): BenchModule {
    // The largest files hold it: looking into all four thousand would take longer than the bench.
    const largest = [...this.files.values()].sort((a, b) => statSync(b).size - statSync(a).size).slice(0, 20);
    const most = largest
      .map(file => ({ file, relocations: relocationBytes(readFileSync(file)) }))
      .sort((a, b) => b.relocations - a.relocations)[0];
    if (!most) throw new Error('no modules');
    return this.read(nameOf(most.file));
  }

  private read(name: string): BenchModule {
    const seen = new Set<string>();
    const order: Uint8Array[] = [];
    const visit = (wanted: string): void => {
      const file = this.files.get(wanted);
      if (file === undefined || seen.has(wanted)) return;
      seen.add(wanted);
      const bytes = readFileSync(file);
      const modinfo = readSections(bytes)?.find('.modinfo');
      const depends = modinfo ? getModinfo(modinfo.bytes, 'depends') : null;
      for (const needed of depends ? depends.split(',') : []) visit(needed.replaceAll('-', '_'));
      order.push(bytes);
    };
    visit(name);
    const bytes = order.pop();
    if (!bytes) throw new Error(`no module ${name}`);
    return { name, bytes, depends: order };
  }
}

function nameOf(file: string): string {
  return path.basename(file, '.ko').replaceAll('-', '_');
}

/** A module of about that many megabytes, nearly all of it debug information; null where none can be built. */
export function buildWithDebugInfo(
  kernel: LabKernel,
  megabytes: number,
): (BenchModule & { readonly file: string }) | null {
  if (!['make', 'gcc-12'].every(hasProgram)) return null;
  const file = path.join(labDir(), 'bench', kernel.release, `${megabytes}`, 'debuginfo.ko');
  if (!statSync(file, { throwIfNoEntry: false })) build(kernel, file, megabytes << 20);
  return { name: 'debuginfo', bytes: readFileSync(file), depends: [], file };
}

/** Enough source files that include half of the kernel's headers to come to that size. */
function build(kernel: LabKernel, file: string, size: number): void {
  const source = path.join(path.dirname(file), 'source');
  mkdirSync(source, { recursive: true });
  const perFile = 300 << 10;
  const count = Math.ceil(size / perFile);
  const parts = Array.from({ length: count }, (_, i) => `part${i}`);
  for (const [i, part] of parts.entries()) {
    const init =
      i === 0 ? 'static int __init start(void) { return 0; }\nmodule_init(start);\nMODULE_LICENSE("GPL");\n' : '';
    writeFileSync(
      path.join(source, `${part}.c`),
      '#include <linux/module.h>\n#include <linux/netdevice.h>\n#include <linux/pci.h>\n#include <linux/usb.h>\n' +
        `struct net_device *net${i}; struct pci_dev *pci${i}; struct usb_device *usb${i};\n` +
        `int f${i}(int x);\nint f${i}(int x) { return net${i} ? net${i}->mtu + x : !!pci${i} + !!usb${i}; }\n${init}`,
    );
  }
  writeFileSync(
    path.join(source, 'Kbuild'),
    `obj-m := debuginfo.o\ndebuginfo-y := ${parts.map(p => `${p}.o`).join(' ')}\n`,
  );
  linkPackages(kernel);
  run('make', ['-s', '-C', kernel.headers, `M=${source}`, 'CC=gcc-12', 'modules']);
  cpSync(path.join(source, 'debuginfo.ko'), file);
}
