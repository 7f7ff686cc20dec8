// A kernel that is not here, by its name: debian:12, debian:trixie/arm64, debian:6.1.0-50-amd64.
import { KERNEL_NAME } from '../kernelName';
import { readInside } from './packageFile';
import type { TargetSource } from './types';

export const named: TargetSource = {
  name: 'kernel of a distribution, by name',
  recognises: target => KERNEL_NAME.test(target),
  open: (target, files) => files.readNamed(target, inside => readInside(target, inside)),
  places: () => null,
};
