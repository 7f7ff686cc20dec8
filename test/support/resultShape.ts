// The JSON result of one simulated load (design: a stable contract), key by key.
import type { Shape } from './shape';

const section: Shape = { name: 'string', offset: 'number', size: 'number', align: 'number' };

const note: Shape = { id: 'string', facts: 'object' };

const finding: Shape = {
  code: 'string',
  severity: "'error'|'warning'|'information'|'hint'",
  stage: 'string',
  message: 'string',
  explanation: 'string',
  'symbol?': 'string',
  facts: 'object',
  locations: [{ file: 'string', line: 'number', column: 'number' }],
};

export const RESULT_SHAPE: Shape = {
  schema: "'1'",
  module: { name: 'string', path: 'string' },
  kernel: { release: 'string', arch: 'string' },
  verdict: "'loads'|'refused'|'unchecked'",
  errno: 'number',
  errnoName: 'string|null',
  insmod: 'string|null',
  log: [{ level: 'number', text: 'string' }],
  taints: 'string',
  stages: [
    { name: 'string', outcome: "'passed'|'refused'|'skipped'|'not-checked'", notes: ['string'], reasons: [note] },
  ],
  layout: {
    regions: [{ name: 'string', size: 'number', sections: [section] }],
    coresize: 'number',
    initsize: 'number',
  },
  params: [
    {
      name: 'string',
      type: 'string',
      perm: 'number',
      value: 'string|null',
      description: 'string|null',
      'elements?': 'string',
    },
  ],
  depends: ['string'],
  symbols: [
    {
      name: 'string',
      owner: 'string|null',
      wanted: 'string|null',
      found: 'string|null',
      gplOnly: 'boolean',
      type: 'string|null',
      namespace: 'string|null',
      weak: 'boolean',
      status: 'string',
    },
  ],
  findings: [finding],
  'next?': [finding],
};
