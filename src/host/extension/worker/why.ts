// Why the checksum of a symbol differs between two kernels, for the editor.
import { whyLines } from '../../../report/why/words';
import type { WorkerMethods } from '../../../protocol/worker';
import { WhyKernel, whySymbol } from '../../node/whyKernel';

type Method = WorkerMethods['why'];

export async function why({ symbol, before, after }: Method['params']): Promise<Method['result']> {
  return whyLines(await whySymbol(symbol, await WhyKernel.open(before), await WhyKernel.open(after)), false);
}
