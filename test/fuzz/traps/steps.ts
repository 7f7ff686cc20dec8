// What is done with any module file.
import { depmod } from '../../../src/kmod/depmod';
import { readDepmodModule } from '../../../src/kmod/depmodModule';
import { readModuleSymbols, wholeModule } from '../../../src/graph/readModule';
import { SymbolNames } from '../../../src/formats/ko/symbolNames';
import { openObject } from '../../../src/formats/ko/objectFile';
import { readImports } from '../../../src/formats/ko/imports';
import { formatModinfo } from '../../../src/kmod/modinfo';
import { System } from '../../../src/index';
import { openLocator } from '../../../src/host/places/locate';
import { factsOf } from '../../support/recorded';
import { locateAll } from '../targets/dwarf';
import { examineOnce } from '../targets/examine';
import type { Input } from '../lib/types';
import type { Step } from './types';

const MODULE = 'nowhere/trap.ko';

/** These files have up to a hundred megabytes and 65535 sections, of which every stage makes a picture. */
const MOST = 33;

/** Everything the command and the editor do with a module. */
export function moduleSteps(bytes: Input, args = '', most = MOST): Step[] {
  const steps: Step[] = [
    { name: 'insmod 6.1', run: () => void new System(factsOf('6.1')).insmod({ path: MODULE, bytes }, args) },
    { name: 'insmod 7.2', run: () => void new System(factsOf('7.2')).insmod({ path: MODULE, bytes }, args) },
    {
      name: 'trace',
      run() {
        const traced = new System(factsOf('6.1')).trace({ path: MODULE, bytes }, args);
        traced.layout();
        traced.steps();
      },
    },
    { name: 'examine', run: () => examineOnce(bytes) },
    {
      name: 'modinfo',
      run: () => void formatModinfo(bytes, { filename: MODULE, name: 'trap', field: null, nul: false }),
    },
    { name: 'graph', run: () => graphOf(bytes) },
    { name: 'depmod', run: () => depmodOf(bytes) },
    { name: 'imports', run: () => void (openObject(bytes) && readImports(openObject(bytes)!)) },
    { name: 'locator', run: async () => void (await openLocator(MODULE, openObject(bytes), 'trap')).hints() },
    { name: 'places', run: () => locateAll(MODULE, bytes) },
  ];
  return steps.map(step => ({ ...step, most }));
}

function graphOf(bytes: Input): void {
  const module = wholeModule(bytes);
  if (module) readModuleSymbols(module, new SymbolNames());
}

function depmodOf(bytes: Input): void {
  const names = new SymbolNames();
  const module = wholeModule(bytes);
  const modules = module ? [readDepmodModule(module, 'kernel/trap.ko', names)] : [];
  depmod({ names, modules, order: null, directory: '/nowhere', symvers: null });
}
