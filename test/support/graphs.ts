// Graphs of module files, for tests.
import { KernelSymbols } from '../../src/graph/kernelSymbols';
import { ModuleGraph } from '../../src/graph/moduleGraph';
import { readModuleSymbols, wholeModule } from '../../src/graph/readModule';
import { SymbolNames } from '../../src/formats/ko/symbolNames';
import type { GraphEdge, GraphModule, Neighbourhood } from '../../src/graph/types';
import { deriveFeatures } from '../../src/linux/deriveFeatures';
import type { KernelFacts } from '../../src/target/types';
import { moduleNameOfPath } from '../../src/formats/ko/moduleName';

/** The graph of these files on that kernel, the first of a name before the others. */
export function graphOf(
  facts: KernelFacts,
  files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): ModuleGraph {
  const names = new SymbolNames();
  const modules = files.map(({ path, bytes }): GraphModule => {
    const module = wholeModule(bytes);
    const symbols = module && readModuleSymbols(module, names);
    return { name: symbols?.name ?? moduleNameOfPath(path), path, symbols };
  });
  const kernel = new KernelSymbols(facts.exports, names);
  return new ModuleGraph({ names, kernel, features: deriveFeatures(facts), modules });
}

/** Everything a module uses directly. */
export function needsOf(graph: ModuleGraph, name: string): Neighbourhood {
  return graph.neighbourhood(name, { depth: 1, direction: 'needs', limit: Infinity });
}

export function edge(around: Neighbourhood, from: string, to: string): GraphEdge | undefined {
  return around.edges.find(one => one.from === from && one.to === to);
}
