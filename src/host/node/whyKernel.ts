// A kernel as a side of a comparison of types: its exports, and the BTF of what exports them.
import { TypeGraph } from '../../formats/btf/typeGraph';
import { readSections } from '../../formats/elf/sectionByName';
import { compareTypes } from '../../report/why/compareTypes';
import type { WhyAnswer, WhyReport, WhySide } from '../../report/why/types';
import type { TargetChoice } from '../../protocol/analysis';
import type { KernelFacts } from '../../target/types';
import { readModule } from './decompress';
import { ownModuleFile } from './moduleFiles';
import { modulesDirectory, openChoice } from './openChoice';

/** Types of one exporter, and where they come from. */
interface Types {
  readonly graph: TypeGraph;
  readonly source: string;
}

export class WhyKernel {
  private vmlinux: Types | null | undefined;
  private readonly modules = new Map<string, Types | null>();

  private constructor(
    private readonly choice: TargetChoice,
    private readonly facts: KernelFacts,
  ) {}

  /** Throws InputError. */
  static async open(choice: TargetChoice): Promise<WhyKernel> {
    return new WhyKernel(choice, await openChoice(choice));
  }

  /** What is known of an export, and its types where they are at hand. */
  async side(symbol: string): Promise<{ readonly side: WhySide; readonly types: Types | null }> {
    const { release, arch, exports, config } = this.facts;
    const row = exports.findName(symbol);
    const owner = row < 0 ? null : exports.isVmlinux(row) ? 'vmlinux' : exports.owner(row);
    const types = owner === null ? null : await this.typesOf(owner);
    const crc = row < 0 || config['MODVERSIONS'] !== 'y' ? null : exports.crc(row);
    return { side: { release, arch, target: this.choice.path, crc, owner, btf: types?.source ?? null }, types };
  }

  private async typesOf(owner: string): Promise<Types | null> {
    if (this.vmlinux === undefined) {
      const { btf } = this.facts;
      const graph = btf && TypeGraph.open(btf.bytes);
      this.vmlinux = graph && btf && { graph, source: btf.source };
    }
    if (owner === 'vmlinux' || !this.vmlinux) return this.vmlinux;
    const known = this.modules.get(owner);
    if (known !== undefined) return known;
    const types = await this.typesOfModule(owner, this.vmlinux.graph);
    this.modules.set(owner, types);
    return types;
  }

  private async typesOfModule(owner: string, vmlinux: TypeGraph): Promise<Types | null> {
    const directory = modulesDirectory(this.choice);
    const file = directory === null ? null : ownModuleFile(directory, owner);
    if (file === null) return null;
    const section = readSections((await readModule(file)).bytes)?.find('.BTF');
    const graph = section && TypeGraph.open(section.bytes, vmlinux);
    return graph ? { graph, source: `.BTF of ${file}` } : null;
  }
}

/** Why the checksum of a symbol differs between two kernels, from their BTF. */
export async function whySymbol(symbol: string, before: WhyKernel, after: WhyKernel): Promise<WhyReport> {
  const [a, b] = [await before.side(symbol), await after.side(symbol)];
  const answer = (): WhyAnswer => {
    if (a.side.owner === null || b.side.owner === null) return 'not-exported';
    if (a.side.crc === null || b.side.crc === null) return 'no-versions';
    if (a.side.crc === b.side.crc) return 'same';
    if (!a.types || !b.types) return 'no-btf';
    const [from, to] = [a.types.graph.declared(symbol), b.types.graph.declared(symbol)];
    if (from === null || to === null) return 'not-in-btf';
    return compareTypes(a.types.graph, from, b.types.graph, to, symbol);
  };
  return { symbol, kernels: [a.side, b.side], answer: answer() };
}
