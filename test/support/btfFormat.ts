// What a kernel of some release knows of BTF.
import { deriveFeatures } from '../../src/linux/deriveFeatures';
import { btfFormat, type BtfFormat } from '../../src/linux/kernel/bpf/format';
import { factsOf } from './recorded';

/** @param release such as 6.12 */
export function btfFormatOf(release: string): BtfFormat {
  return btfFormat(deriveFeatures({ ...factsOf('6.12'), release: `${release}.0` }));
}
