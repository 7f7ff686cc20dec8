import { defineFinding, err, warn } from './types';

export const missingNamespaceImport = defineFinding<{
  module: string;
  symbol: string;
  namespace: string;
  optional: boolean;
}>({
  id: 'namespace',
  severity: ({ optional }) => (optional ? 'warning' : 'error'),
  dmesg: ({ module, symbol, namespace, optional }) =>
    (optional ? warn : err)(
      `${module}: module uses symbol (${symbol}) from namespace ${namespace}, but does not import it.`,
    ),
  symbol: ({ symbol }) => symbol,
  explain: "Add MODULE_IMPORT_NS for {namespace} to the module's source.",
  errnos: { 22: 2 },
  anchor: 'use',
  fixes: ['import-namespace'],
  samples: [{ module: 'M', symbol: 'S', namespace: 'X', optional: false }],
});
