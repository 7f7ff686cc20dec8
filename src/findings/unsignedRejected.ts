import { defineFinding, notice } from './types';

export const unsignedRejected = defineFinding<{ reason: string }>({
  id: 'signature-required',
  severity: 'error',
  dmesg: ({ reason }) => notice(`Loading of ${reason} is rejected`),
  explain:
    'This kernel is set to load only modules signed with a key it trusts (CONFIG_MODULE_SIG_FORCE, module.sig_enforce=1 or Secure Boot). Sign the module with an enrolled key, for example one added with mokutil.',
  errnos: { 126: 1, 129: 1 },
  anchor: 'build',
  fixes: [],
  samples: [
    { reason: 'unsigned module' },
    { reason: 'module with unavailable key' },
    { reason: 'module with unsupported crypto' },
  ],
});
