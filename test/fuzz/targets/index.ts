// Every target by name.
import type { FuzzTarget } from '../lib/types';
import { btf } from './btf';
import { cache } from './cache';
import { cpu } from './cpu';
import { decompressors } from './decompressors';
import { beside, kernelTree } from './directories';
import { dwarf } from './dwarf';
import { elf } from './elf';
import { groups } from './groups';
import { graph } from './graph';
import { log, scripts } from './logs';
import { images } from './images';
import { mcp } from './mcp';
import { modinfo } from './modinfo';
import { parameters } from './parameters';
import { pkcs7 } from './pkcs7';
import { examine } from './examine';
import { snapshot } from './snapshot';
import { stock } from './stock';
import { config, csource, modprobe, symvers } from './texts';

export const TARGETS: readonly FuzzTarget[] = [
  elf,
  examine,
  groups,
  dwarf,
  graph,
  modinfo,
  parameters,
  cpu,
  symvers,
  config,
  snapshot,
  cache,
  pkcs7,
  decompressors,
  btf,
  images,
  csource,
  modprobe,
  log,
  mcp,
  scripts,
  beside,
  kernelTree,
  stock,
];

export function targetNamed(name: string): FuzzTarget {
  const found = TARGETS.find(target => target.name === name);
  if (!found) throw new Error(`there is no target ${name}: ${TARGETS.map(target => target.name).join(', ')}`);
  return found;
}
