import { defineFinding, err } from './types';

export const importOfModuleNamespace = defineFinding<{ module: string; namespace: string }>({
  id: 'import-module-namespace',
  severity: 'error',
  dmesg: ({ module, namespace }) => err(`${module}: module tries to import module namespace: ${namespace}`),
  explain: 'Namespaces that begin with "module:" name the modules that may use a symbol. They cannot be imported.',
  errnos: { 1: 4 },
  anchor: 'license',
  fixes: [],
  samples: [{ module: 'M', namespace: 'X' }],
});
