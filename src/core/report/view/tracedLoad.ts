// A load that was watched: its result, and the models of what a person looks at, made when they are asked for.
import type { LoadOutcome } from '../../load/loadModule';
import type { Load } from '../../load/types';
import type { LoadTrace } from '../../trace/types';
import type { LoadResult } from '../types';
import { layoutModel } from './layoutModel';
import { relocationBytes } from './relocationBytes';
import { stepsModel } from './stepsModel';
import type { LayoutModel, RelocationBytes, StepsModel } from './types';

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

  /** Memory around the field of a relocation; see {@link relocationBytes}. */
  relocation(index: number): RelocationBytes | null {
    const { relocations } = this.steps();
    return index >= relocations.tried ? null : relocationBytes(this.load, this.trace, relocations, index);
  }
}
