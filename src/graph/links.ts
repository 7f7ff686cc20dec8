// Every import of every module, bound as the loader would bind it with all of them loaded.
//
// The rules are those of resolve_symbol() and check_version() in core/load, and what can be decided without a machine is
// asked there. A module that would itself be refused still counts as a provider: each edge tells its own story.
import { isProprietaryByName } from '../linux/kernel/module/license';
import { mustImport } from '../linux/kernel/module/namespace';
import { isIgnoredSymbol } from '../linux/kernel/module/simplifySymbols';
import { compareVersions, versionPasses, type VersionTables } from '../linux/kernel/module/checkVersion';
import { SYMBOL_STATUSES } from '../linux/kernel/module/symbolStatus';
import { Exporters, NOTHING, type LinkInput, type Source } from './exporters';
import { Lists, turnedAround } from '../formats/ko/lists';
import { NO_CRC, NOBODY, VMLINUX, type EdgeSymbol, type ImportColumns, type ModuleIndex } from './types';

/** By their number in columns. */
const STATES = SYMBOL_STATUSES;
const [OK, WEAK, IGNORED, MISSING, GPL_ONLY, VERSION, NAMESPACE, PROPRIETARY] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

export class Links {
  /** By module: the modules it uses, in rising order. */
  readonly needs: Lists;
  /** By module: the modules that use it, in rising order. */
  readonly users: Lists;
  /** Modules that use vmlinux, and modules with symbols that nobody exports: 1 where it is so. */
  readonly usesVmlinux: Uint8Array;
  readonly usesNobody: Uint8Array;
  private readonly exporters: Exporters;
  /** Imports of module `m` are entries `first[m]` up to `first[m + 1]` of the columns. */
  private readonly first: Uint32Array;
  private readonly sources: Int32Array;
  private readonly providers: Int32Array;
  private readonly states: Uint8Array;
  /** Modules that are proprietary by themselves, and those that are in the end, by what they use. */
  private readonly proprietary: Uint8Array;
  private readonly tainted: Uint8Array;

  constructor(private readonly input: LinkInput) {
    const { modules } = input;
    this.exporters = new Exporters(input);
    this.first = new Uint32Array(modules.length + 1);
    for (const [m, { symbols }] of modules.entries())
      this.first[m + 1] = (this.first[m] ?? 0) + (symbols?.imports.names.length ?? 0);
    const imports = this.first[modules.length] ?? 0;
    this.sources = new Int32Array(imports);
    this.providers = new Int32Array(imports);
    this.states = new Uint8Array(imports);
    this.usesVmlinux = new Uint8Array(modules.length);
    this.usesNobody = new Uint8Array(modules.length);
    this.proprietary = Uint8Array.from(modules, ({ name, symbols }) =>
      symbols !== null &&
      (!symbols.gplCompatible || isProprietaryByName(name, input.features.rows.has('lveIsProprietary')))
        ? 1
        : 0,
    );
    this.tainted = this.proprietary.slice();
    for (let m = 0; m < modules.length; m++) this.bind(m);
    let needs = this.readNeeds();
    let users = turnedAround(needs, modules.length, modules.length);
    if (this.spreadTaint(users)) {
      needs = this.readNeeds();
      users = turnedAround(needs, modules.length, modules.length);
    }
    this.needs = needs;
    this.users = users;
  }

  /** How many edges from `m` have a symbol that the kernel refuses. */
  brokenEdges(m: ModuleIndex): number {
    const broken = new Set<ModuleIndex>();
    this.eachImport(m, at => {
      if ((this.states[at] ?? OK) >= MISSING) broken.add(this.providers[at] ?? NOBODY);
    });
    return broken.size;
  }

  isBroken(from: ModuleIndex, to: ModuleIndex): boolean {
    const { first, providers, states } = this;
    for (let at = first[from] ?? 0; at < (first[from + 1] ?? 0); at++)
      if (providers[at] === to && (states[at] ?? OK) >= MISSING) return true;
    return false;
  }

  /** The symbols `from` uses of `to`: a module, VMLINUX or NOBODY. In the order of their names. */
  symbols(from: ModuleIndex, to: ModuleIndex): EdgeSymbol[] {
    const { exporters } = this;
    const imports = this.input.modules[from]?.symbols?.imports;
    const found: EdgeSymbol[] = [];
    this.eachImport(from, (at, i) => {
      if (this.providers[at] !== to || !imports) return;
      const source = this.sources[at] ?? NOTHING;
      found.push({
        name: this.input.names.name(imports.names[i] ?? 0),
        wanted: this.wanted(imports, i),
        found: exporters.crc(source),
        gplOnly: exporters.isGplOnly(source),
        namespace: exporters.namespace(source),
        weak: imports.weak[i] === 1,
        state: STATES[this.states[at] ?? OK] ?? 'ok',
      });
    });
    return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  private eachImport(m: ModuleIndex, visit: (at: number, i: number) => void): void {
    const start = this.first[m] ?? 0;
    const end = this.first[m + 1] ?? 0;
    for (let at = start; at < end; at++) visit(at, at - start);
  }

  /** simplify_symbols() for one module. In the order of the symbol table, which decides about inherited taint. */
  private bind(m: ModuleIndex): void {
    const { exporters, sources, providers, states } = this;
    const { features, modules } = this.input;
    const imports = modules[m]?.symbols?.imports;
    let proprietary = this.proprietary[m] === 1;
    let usesGplOnly = false;
    this.eachImport(m, (at, i) => {
      const name = imports?.names[i] ?? 0;
      let source = exporters.find(m, name, !proprietary);
      const isThere = source !== NOTHING;
      if (!isThere && proprietary) source = exporters.find(m, name, true);
      const provider = exporters.provider(source);
      sources[at] = source;
      providers[at] = provider;
      if (!isThere) {
        states[at] = this.forgiven(m, i) ?? (source === NOTHING ? MISSING : GPL_ONLY);
        return;
      }
      if (features.taintInheritance) {
        usesGplOnly ||= exporters.isGplOnly(source);
        // inherit_taint(): refused after a GPL-only symbol, else the user becomes proprietary as well.
        const inherits = provider >= 0 && this.tainted[provider] === 1;
        if (inherits && usesGplOnly) {
          states[at] = PROPRIETARY;
          return;
        }
        proprietary ||= inherits;
      }
      states[at] = this.checked(m, i, source);
    });
    if (proprietary) this.tainted[m] = 1;
  }

  /** A weak reference may stay without an answer, and so may one name. */
  private forgiven(m: ModuleIndex, i: number): number | null {
    const { modules, names, features } = this.input;
    const symbols = modules[m]?.symbols;
    if (!symbols || symbols.imports.weak[i] === 1) return WEAK;
    return isIgnoredSymbol(features, names.name(symbols.imports.names[i] ?? 0)) ? IGNORED : null;
  }

  /** Version and namespace of a symbol that is there. */
  private checked(m: ModuleIndex, i: number, source: Source): number {
    const { modules, features } = this.input;
    const { name = '', symbols = null } = modules[m] ?? {};
    const crc = this.exporters.crc(source);
    if (crc !== null && symbols) {
      const answer = compareVersions(features, this.tables(symbols.imports), this.wanted(symbols.imports, i), crc);
      if (!versionPasses(features, answer)) return VERSION;
    }
    const namespace = this.exporters.namespace(source);
    if (!mustImport(features, namespace, name) || symbols?.importedNamespaces.includes(namespace)) return OK;
    return features.namespaceImportOptional ? OK : NAMESPACE;
  }

  private wanted(imports: ImportColumns, i: number): number | null {
    const column = this.tables(imports) === 'extended' ? imports.extendedCrcs : imports.crcs;
    const crc = column?.[i] ?? NO_CRC;
    return crc === NO_CRC ? null : crc;
  }

  private tables(imports: ImportColumns): VersionTables {
    if (this.input.features.extendedModversions && imports.extendedCrcs) return 'extended';
    return imports.crcs ? 'basic' : 'none';
  }

  /**
   * A module that was bound before what it uses became proprietary is bound again, and so on. None ever stops being
   * proprietary, so this ends.
   * @returns whether anything was bound again
   */
  private spreadTaint(users: Lists): boolean {
    const waiting = [...this.tainted.keys()].filter(m => this.tainted[m] !== this.proprietary[m]);
    if (waiting.length === 0) return false;
    for (let m = waiting.pop(); m !== undefined; m = waiting.pop()) {
      for (const user of users.of(m)) {
        const before = this.tainted[user];
        this.bind(user);
        if (this.tainted[user] !== before) waiting.push(user);
      }
    }
    return true;
  }

  /** Which modules each uses, and whether it uses the kernel or asks for what nobody has. */
  private readNeeds(): Lists {
    const { modules } = this.input;
    const first = new Uint32Array(modules.length + 1);
    const items: ModuleIndex[] = [];
    const seenBy = new Int32Array(modules.length).fill(-1);
    this.usesVmlinux.fill(0);
    this.usesNobody.fill(0);
    for (let m = 0; m < modules.length; m++) {
      const used: ModuleIndex[] = [];
      this.eachImport(m, at => {
        const provider = this.providers[at] ?? NOBODY;
        if (provider === VMLINUX) this.usesVmlinux[m] = 1;
        else if (provider === NOBODY) this.usesNobody[m] = 1;
        else if (seenBy[provider] !== m) {
          seenBy[provider] = m;
          used.push(provider);
        }
      });
      for (const provider of used.sort((a, b) => a - b)) items.push(provider);
      first[m + 1] = items.length;
    }
    return new Lists(first, Int32Array.from(items));
  }
}
