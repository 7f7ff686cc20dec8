// Facts about kernels of which nothing is recorded: what a test says, and no more.
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
