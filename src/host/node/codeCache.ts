// Compiled code of this program, kept from run to run: V8 compiles a function when it is first called, in every process anew.
import path from 'node:path';
import { Script } from 'node:vm';
import { CacheFiles, cacheKey, CONTENTS_AT } from './cacheFiles';

/** Where compiled code lies in the directory of the cache. */
export const codeFiles = (directory: string): CacheFiles => new CacheFiles(path.join(directory, 'code'));

/** Runs of the same command take different paths: code is kept again until it was learnt from so many of them. */
const LEARNING_RUNS = 2;

/** Before the code, in a byte, from how many runs it is; filled up so that V8 finds the code where it needs no copy of it. */
const HEAD = 8 - (CONTENTS_AT % 8);

/** The compiled code of one command. Whatever is wrong with the cache, the script is compiled. */
export class CodeCache {
  private readonly key: string;
  private script_: Script | null = null;
  private runs = 0;

  /**
   * @param build tells one build of this program from another: V8 checks no more of a source than its length
   * @param command code is kept for each command separately
   */
  constructor(
    private readonly files: CacheFiles,
    build: string,
    command: string,
  ) {
    const { version, arch, execArgv, env } = process;
    // V8 itself refuses what another version has made, or the same with other options; with a key for each they do not take turns.
    this.key = cacheKey('code', build, command, version, arch, env['NODE_OPTIONS'] ?? '', ...execArgv);
  }

  /**
   * The script, compiled or taken from the cache.
   * @param room memory that may be overwritten with what is kept
   */
  script(source: string, filename: string, room?: Uint8Array): Script {
    const found = this.files.read(this.key, room);
    const cachedData = found.kind === 'whole' ? found.bytes.subarray(HEAD) : null;
    const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
    if (found.kind === 'whole' && !script.cachedDataRejected) {
      this.runs = found.bytes[0] ?? 0;
      this.files.touch(this.key);
    }
    return (this.script_ = script);
  }

  /** Keeps what is compiled by now, if that may be more than was kept. To be called when the command has done its work. */
  keep(): void {
    if (!this.script_ || this.runs >= LEARNING_RUNS || !this.files.prepare()) return;
    const head = Buffer.alloc(HEAD);
    head[0] = this.runs + 1;
    this.files.write(this.key, Buffer.concat([head, this.script_.createCachedData()]));
  }
}
