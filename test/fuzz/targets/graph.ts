// A module among many: who uses whom, for the kernel and for depmod.
import { depmod } from '../../../src/kmod/depmod';
import { readDepmodModule } from '../../../src/kmod/depmodModule';
import { readModuleSymbols, wholeModule } from '../../../src/graph/readModule';
import { SymbolNames } from '../../../src/formats/ko/symbolNames';
import { fixture } from '../../support/recorded';
import { mutateElf } from '../lib/mutateElf';
import type { FuzzTarget } from '../lib/types';

export const graph: FuzzTarget = {
  name: 'graph',
  longest: 64 << 10,
  seeds: () => ['exporter', 'chain', 'nsuser', 'manyexports', 'paramkinds'].map(name => fixture('6.1', name).bytes),
  run(bytes) {
    const module = wholeModule(bytes);
    if (!module) return;
    const names = new SymbolNames();
    readModuleSymbols(module, names);
    const one = readDepmodModule(module, 'kernel/fuzzed.ko', names);
    const other = readDepmodModule(module, 'kernel/other.ko', names);
    depmod({ names, modules: [one, other], order: null, directory: '/nowhere', symvers: null });
  },
  mutate: mutateElf,
};
