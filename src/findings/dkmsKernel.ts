import { defineFinding } from './types';

export interface DkmsKernelFacts {
  /** The MAKE directive, as it stands. */
  readonly make: string;
  /** What to pass to make, e.g. `KDIR=${kernel_source_dir}`. */
  readonly argument: string;
}

export const dkmsKernel = defineFinding<DkmsKernelFacts>({
  id: 'dkms-kernel',
  severity: 'warning',
  message: 'DKMS builds this module against the running kernel, whatever kernel it is asked for',
  explain:
    "The Makefile takes the kernel from `uname -r`, and MAKE does not pass the one that DKMS builds for. After an update the module in the new kernel's directory carries the old kernel's vermagic and is refused after the next boot. Add {argument} to MAKE.",
  errnos: {},
  anchor: 'given',
  // The edit is made where dkms.conf is read.
  fixes: [],
  samples: [{ make: 'make all', argument: 'KDIR=${kernel_source_dir}' }],
});
