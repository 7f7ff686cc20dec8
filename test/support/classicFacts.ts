// Facts about kernels that were not recorded. Everything that a test does not give is unknown.
import type { KernelFacts } from '../../src/index';
import { parseSymvers, symversRow, type SymversRow } from '../../src/target/symvers';

type Given = Pick<KernelFacts, 'release' | 'arch' | 'vermagic' | 'config'>;

export function classicFacts(given: Given, exports: readonly SymversRow[] = []): KernelFacts {
  return {
    ...given,
    distribution: null,
    exports: parseSymvers(Buffer.from(exports.map(symversRow).join(''))),
    structModule: null,
    builtin: null,
    trustedKeys: null,
    ownSigners: [],
    btf: null,
  };
}
