// Updates of one series, told apart by what their images say. evidence.json holds what readImage() found in Debian's images of
// both; test/kernel/images.test.ts holds it against the later one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { deriveFeatures } from '../../../src/linux/deriveFeatures';
import { rowsOf } from '../../../src/linux/generations';
import { parseEvidence, type ImageEvidence } from '../../../src/target/evidence';
import evidence from './evidence.json';

const imageOf = (release: keyof typeof evidence): ImageEvidence => {
  const parsed = parseEvidence(evidence[release]);
  assert.ok(parsed);
  return parsed;
};

test('two updates of 6.12 check ELF files differently, whatever they are called', () => {
  const checks = (['6.12.107+deb13-amd64', '6.12.117+deb13-amd64'] as const).map(release => {
    const facts = { release: '6.12.0-somebody', arch: 'x86_64', config: {}, distribution: null } as const;
    return deriveFeatures({ ...facts, image: imageOf(release) }).elfChecks;
  });
  assert.deepEqual(checks, ['unique-sections', 'cached']);
});

test('an image is asked before its release; without one the release decides', () => {
  const image = imageOf('6.12.117+deb13-amd64');
  const asked = rowsOf({ release: '4.4.0', image });
  assert.deepEqual(asked.stringTableTypes, { has: true, by: 'probe' });
  assert.deepEqual(asked.regionsByType, { has: true, by: 'probe' });
  const unasked = rowsOf({ release: '4.4.0' });
  assert.deepEqual(unasked.stringTableTypes, { has: false, by: 'release' });
  assert.deepEqual(unasked.regionsByType, { has: false, by: 'release' });
});

test('without BTF only texts are asked', () => {
  const rows = rowsOf({ release: '6.12.0', image: { texts: [], types: null } });
  assert.deepEqual(rows.elfNarrated, { has: false, by: 'probe' });
  assert.deepEqual(rows.longLogLines, { has: true, by: 'release' });
});

test('what a snapshot keeps of other versions is left out', () => {
  assert.deepEqual(parseEvidence({ texts: ['rsa-generic', 'of tomorrow'], types: ['struct nothing'] }), {
    texts: ['rsa-generic'],
    types: [],
  });
  assert.equal(parseEvidence({ texts: 'rsa-generic' }), null);
  assert.equal(parseEvidence(null), null);
});
