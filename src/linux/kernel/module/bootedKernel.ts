// Prepares the facts about a kernel for its loader.
import { SymbolNames, type SymbolId } from '../../../formats/ko/symbolNames';
import type { ExportIndex } from '../../../target/exportTable';
import { toldByModule } from '../../../target/profile';
import type { KernelFacts } from '../../../target/types';
import { ARCHES } from '../../arch/index';
import { deriveFeatures } from '../../deriveFeatures';
import type { Features } from '../../features';
import type { KnownParamOps } from '../params/types';
import type { Arch, FoundSymbol, Kernel, Module } from './types';
import { VersionTable } from './versionTable';

export class BootedKernel implements Kernel {
  readonly arch: Arch;
  readonly features: Features;
  paramOps: KnownParamOps | null = null;
  sysfsDirectories: ReadonlySet<string> | null = null;
  readonly versions = new VersionTable();
  /** By id of the name. */
  private readonly exports: (FoundSymbol | null | undefined)[] = [];

  /** @param addresses known addresses of symbols of vmlinux; the others get plausible ones */
  constructor(
    readonly facts: KernelFacts,
    private readonly addresses: ReadonlyMap<string, bigint> | null = null,
    readonly names = new SymbolNames(),
  ) {
    this.arch = ARCHES[facts.arch];
    this.features = deriveFeatures(facts);
  }

  toldBy(module: Uint8Array, loaded: readonly Module[]): Kernel {
    if (!this.facts.profile) return this;
    const exported = new Set(
      loaded.flatMap(mod => mod.exports.flatMap(({ entries }) => entries.map(({ name }) => name))),
    );
    const facts = toldByModule(this.facts, module, name => exported.has(name));
    return facts === this.facts ? this : new BootedKernel(facts, this.addresses, this.names);
  }

  findExport(name: string): FoundSymbol | null {
    return this.findExportById(this.names.addName(name));
  }

  findExportById(id: SymbolId): FoundSymbol | null {
    let found = this.exports[id];
    if (found === undefined) {
      // Ids are given out in turn: the list stays without holes.
      while (this.exports.length < id) this.exports.push(undefined);
      this.exports[id] = found = this.lookUp(id);
    }
    return found;
  }

  /** 16 bytes apart, as functions are. */
  addressOf(index: ExportIndex): bigint {
    const known = this.addresses?.get(this.facts.exports.name(index));
    return known ?? this.features.addresses.kernelText + BigInt(index) * 16n;
  }

  /** For a kernel that is not at hand, CRCs come from its modules, and some modules have none. */
  private isVersioned(crc: number): boolean {
    const { profile } = this.facts;
    return this.features.modversions && (!profile || (profile.isSame === true && crc !== 0));
  }

  private lookUp(id: SymbolId): FoundSymbol | null {
    const { names } = this;
    const { exports } = this.facts;
    const index = names.withBytes(id, (bytes, start, length) => exports.findInVmlinux(bytes, start, length));
    if (index < 0) return null;
    const { type, crc, gplOnly, namespace } = exports.row(index);
    return {
      name: names.name(id),
      owner: null,
      value: this.addressOf(index),
      crc: this.isVersioned(crc) ? crc : null,
      gplOnly,
      namespace,
      future: type.includes('FUTURE'),
      unused: type.includes('UNUSED'),
    };
  }
}
