// A kernel as its loader asks it. Several machines may have booted the same one: what was looked up once serves them all.
import { SymbolNames } from '../../../formats/ko/symbolNames';
import { toBytes } from '../../../formats/bytes/strings';
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
  private readonly exports = new Map<string, FoundSymbol | null>();

  constructor(readonly facts: KernelFacts) {
    this.arch = ARCHES[facts.arch];
    this.features = deriveFeatures(facts);
  }

  /** A symbol that vmlinux exports, or null. */
  findExport(name: string): FoundSymbol | null {
    let found = this.exports.get(name);
    if (found === undefined) this.exports.set(name, (found = this.lookUp(name)));
    return found;
  }

  /** Distinct exports stay distinct, 16 bytes apart, as functions are. */
  addressOf(index: ExportIndex): bigint {
    return this.arch.addresses.kernelText + BigInt(index) * 16n;
  }

  private lookUp(name: string): FoundSymbol | null {
    const { exports } = this.facts;
    const index = exports.findInVmlinux(toBytes(name), 0, name.length);
    if (index < 0) return null;
    const type = exports.type(index);
    return {
      name,
      owner: null,
      value: this.addressOf(index),
      crc: this.features.modversions ? exports.crc(index) : null,
      gplOnly: exports.gplOnly(index),
      namespace: exports.namespace(index),
      future: type.includes('FUTURE'),
      unused: type.includes('UNUSED'),
    };
  }
}
