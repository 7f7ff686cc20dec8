// Fetches Debian's kernel packages of other architectures, and the build tools for this machine.
import { fetchPackages } from '../lib/packages';
import { buildArchKernel } from './buildKernel';
import { archKernelChoice } from './kernels';

/** As fetchKernel() of x86_64: image, modules and headers of the architecture, and kbuild for this machine. */
export function fetchArchKernel(key: string): void {
  const choice = archKernelChoice(key);
  if (choice.options !== undefined) return buildArchKernel(choice, choice.options);
  fetchPackages(choice, key.slice(key.indexOf('-') + 1), choice.debianArch, choice.flavour, []);
}
