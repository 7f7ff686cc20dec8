// The page of a module's document and what it may do.
import assert from 'node:assert/strict';
import test from 'node:test';
import { pageHtml } from '../../../src/host/extension/model/pageHtml';

const page = pageHtml({
  title: '<img src=x onerror=alert(1)>"&.ko',
  script: 'https://host/main.js',
  style: 'https://host/main.css',
  cspSource: 'https://host',
  nonce: 'abc123',
  language: 'zh-tw',
});

test('names are text', () => {
  assert.ok(!page.includes('<img'));
  assert.ok(page.includes('<title>&lt;img src=x onerror=alert(1)&gt;&quot;&amp;.ko</title>'));
});

test('only scripts with the nonce run, and nothing is inline', () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'nonce-abc123'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.doesNotMatch(page, /<script(?![^>]* nonce=)/);
  assert.doesNotMatch(page, /<script[^>]*>[^<]|style="|\son\w+="/);
});
