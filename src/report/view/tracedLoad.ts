// A load that was watched: its result, and the models of what a person looks at, made when they are asked for.
import type { SectionIndex } from '../../formats/elf/header';
import type { LoadOutcome } from '../../linux/kernel/module/loadModule';
import type { Load } from '../../linux/kernel/module/types';
import type { LoadTrace } from '../../linux/trace/types';
import type { LoadResult } from '../types';
import { layoutModel } from './layoutModel';
import { relocationBytes } from './relocationBytes';
import { stepsModel } from './stepsModel';
import type { LayoutModel, RelocationBytes, StepsModel } from './types';

/** One section in module memory. */
export interface LoadedContents {
  readonly index: SectionIndex;
  readonly name: string;
  readonly region: string;
  /** bytes from the start of the region */
  readonly offset: number;
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

export class TracedLoad {
  private layoutMade: LayoutModel | null = null;
  private stepsMade: StepsModel | null = null;

  constructor(
    private readonly load: Load,
    private readonly outcome: LoadOutcome,
    private readonly trace: LoadTrace,
    readonly result: LoadResult,
  ) {}

  layout(): LayoutModel {
    return (this.layoutMade ??= layoutModel(this.load, this.outcome));
  }

  steps(): StepsModel {
    return (this.stepsMade ??= stepsModel(this.load, this.trace, this.result));
  }

  /** Every section in module memory, with its contents as the module would run with them. */
  memory(): LoadedContents[] {
    const { sectionNames } = this.trace;
    return this.load.info.sechdrs.flatMap(({ index, place, sh_addr, sh_size }) => {
      if (!place) return [];
      const { region, offset } = place;
      const bytes = region.image.subarray(offset, offset + sh_size);
      return [{ index, name: sectionNames[index] ?? '', region: region.name, offset, address: sh_addr, bytes }];
    });
  }

  /** Memory around the field of a relocation; see {@link relocationBytes}. */
  relocation(index: number): RelocationBytes | null {
    const { relocations } = this.steps();
    return index >= relocations.tried ? null : relocationBytes(this.load, this.trace, relocations, index);
  }
}
