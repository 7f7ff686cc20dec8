// A kernel as its loader asks it. Several machines may have booted the same one: what was looked up once serves them all.
import { SymbolNames, type SymbolId } from '../../../formats/ko/symbolNames';
import type { ExportIndex } from '../../../target/exportTable';
import type { KernelFacts } from '../../../target/types';
import { ARCHES } from '../../arch/index';
import type { Arch } from '../../arch/arch';
import { deriveFeatures, type Features } from '../../generations';
import type { KnownParamOps } from '../params/types';
import type { FoundSymbol } from './findSymbol';

export class Kernel {
  readonly arch: Arch;
  readonly features: Features;
  /** Names of symbols: modules of one kernel mostly use the same ones, and a name read before makes no new string. */
  readonly names = new SymbolNames();
  /** Parameter operations of the kernel by address, found when the first module has parameters. */
  paramOps: KnownParamOps | null = null;
  /** By id of the name. */
  private readonly exports: (FoundSymbol | null | undefined)[] = [];

  /** @param addresses of symbols of vmlinux, as far as they are known; plausible ones are made up for the rest */
  constructor(
    readonly facts: KernelFacts,
    private readonly addresses: ReadonlyMap<string, bigint> | null = null,
  ) {
    this.arch = ARCHES[facts.arch];
    this.features = deriveFeatures(facts);
  }

  /** A symbol that vmlinux exports, or null. */
  findExport(name: string): FoundSymbol | null {
    return this.findExportById(this.names.addName(name));
  }

  /** As {@link findExport}, for a name that {@link names} knows. */
  findExportById(id: SymbolId): FoundSymbol | null {
    let found = this.exports[id];
    if (found === undefined) {
      // Ids are given out in turn: the list stays without holes.
      while (this.exports.length < id) this.exports.push(undefined);
      this.exports[id] = found = this.lookUp(id);
    }
    return found;
  }

  /** Distinct exports stay distinct, 16 bytes apart, as functions are. */
  addressOf(index: ExportIndex): bigint {
    const known = this.addresses?.get(this.facts.exports.name(index));
    return known ?? this.arch.addresses.kernelText + BigInt(index) * 16n;
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
      crc: this.features.modversions ? crc : null,
      gplOnly,
      namespace,
      future: type.includes('FUTURE'),
      unused: type.includes('UNUSED'),
    };
  }
}
