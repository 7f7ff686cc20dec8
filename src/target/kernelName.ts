// Names that stand where a path could.
import { PROFILE } from './profile';

/** How kernels that are not here are named: debian:12, debian:trixie/arm64, debian:6.1.0-50-amd64. */
export const KERNEL_NAME = /^debian:/;

/** Whether a target is named by something that is no path: a kernel to fetch, or a release alone. */
export function isNameOfTarget(target: string): boolean {
  return KERNEL_NAME.test(target) || target.startsWith(PROFILE);
}
