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
  message: 'DKMS always builds this module for the running kernel, even when it is asked for another one',
  explain:
    "The Makefile uses `uname -r`, and MAKE does not pass the kernel that DKMS builds for. After a kernel update, the module in the new kernel's directory has the old kernel's vermagic, and the new kernel refuses it. Add {argument} to MAKE.",
  errnos: {},
  anchor: 'given',
  // The edit is made where dkms.conf is read.
  fixes: [],
  samples: [{ make: 'make all', argument: 'KDIR=${kernel_source_dir}' }],
});
