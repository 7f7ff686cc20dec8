// Texts that people paste or write: kernel logs, scripts and modprobe.d files with parameters, lists of known findings.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { byteString } from '../../../src/formats/bytes/strings';
import { parseModprobeConfig, parseScript } from '../../../src/host/extension/model/scriptLines';
import { InputError } from '../../../src/index';
import { readBaseline } from '../../../src/host/node/check/baseline';
import { logText } from '../../../src/host/node/tools/logText';
import { FindingPages } from '../../../src/host/node/tools/pages';
import { repositoryRoot } from '../../kernel/lib/paths';
import type { FuzzTarget, Input } from '../lib/types';

const bytesOf = (text: string): Input => new Uint8Array(Buffer.from(text, 'latin1'));

export const log: FuzzTarget = {
  name: 'log',
  longest: 8 << 10,
  seeds: () => [
    bytesOf('[   12.345678] hello: disagrees about version of symbol printk\nhello: Unknown symbol printk (err -22)\n'),
    bytesOf("kernel: a: unknown parameter 'b' ignored\na: `x' invalid for parameter `y'\n"),
    bytesOf('insmod: ERROR: could not insert module a.ko: Invalid parameters\nmodprobe: FATAL: Module a not found.\n'),
    bytesOf("Nov 20 10:00:00 host kernel: a: version magic '6.1 SMP ' should be '6.2 SMP '\n"),
  ],
  run(bytes) {
    logText(byteString(bytes, 0, bytes.length), new FindingPages(path.join(repositoryRoot(), 'doc', 'findings')));
  },
};

export const scripts: FuzzTarget = {
  name: 'scripts',
  longest: 16 << 10,
  seeds: () => [
    bytesOf('M := hello\nKO=$(M).ko\nload:\n\tsudo insmod ./$(KO) a=1 "b=c d" \\\n  e=$(shell id)\nrmmod $M\n'),
    bytesOf("#!/bin/sh\nmodprobe -v foo x='1 2' y=`date` # z\noptions foo a=1 b=2\n"),
    bytesOf('{"schema":1,"findings":[{"fingerprint":"0123456789abcdef"}]}'),
  ],
  words: ['insmod ', 'modprobe ', 'options ', '$(', '${', '\\\n', '"', "'", '`', '=', '"findings":['],
  run(bytes) {
    const text = byteString(bytes, 0, bytes.length);
    parseScript(text);
    parseModprobeConfig(text);
    const directory = path.join(repositoryRoot(), '.build', 'fuzz');
    mkdirSync(directory, { recursive: true });
    const file = path.join(directory, `baseline-${process.pid}-${threadId}`);
    writeFileSync(file, bytes);
    try {
      readBaseline(file);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  },
};
