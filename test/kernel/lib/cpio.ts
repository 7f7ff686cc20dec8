// The initial ramdisk is written by the code that ships.
export { cpioArchive, cpioDirectory, type CpioFile } from '../../../src/host/node/boot/cpio';
