import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { core, type Session } from './core';

/** A definition or include as written, and as the JavaScript that ran. */
export interface LoadedFile {
  readonly source: string;
  readonly generated: string;
}

/** Names of the project's code files, in the order in which the stock CLI loads them. */
export function projectFiles(root: string): { includes: string[]; definitions: string[] } {
  const files = [...walk(root, 'includes'), ...walk(root, 'definitions')];
  files.sort((a, b) => a.localeCompare(b));
  return {
    includes: files.filter((file) => /^includes[\\/][^\\/]+\.js$/.test(file)),
    definitions: files.filter((file) => /^definitions[\\/].+\.(js|sqlx)$/.test(file)),
  };
}

/**
 * Runs the project's files in this process, against one compilation session. What the stock CLI sets as globals
 * (`dataform`, `publish`, …, one name per include) is visible to them by a `with` scope, and to nobody else.
 */
export class ProjectLoader {
  readonly files = new Map<string, LoadedFile>();
  private readonly loaded = new Map<string, Module>();
  private readonly scope: Record<string, unknown>;

  constructor(
    private readonly root: string,
    session: Session,
  ) {
    this.scope = { dataform: session };
  }

  /** Adds names that every file sees. */
  expose(names: Record<string, unknown>): void {
    Object.assign(this.scope, names);
  }

  /** Runs one file (path relative to the project) and returns its exports. */
  load(relative: string): unknown {
    const absolute = path.join(this.root, relative);
    const known = this.loaded.get(absolute);
    if (known) return known.exports;
    const source = readFileSync(absolute, 'utf8');
    const generated = relative.endsWith('.json') ? `module.exports = ${source}` : core.compiler(source, relative);
    this.files.set(relative.split(path.sep).join('/'), { source, generated });
    const module = new Module(absolute);
    module.filename = absolute;
    this.loaded.set(absolute, module);
    // The wrapper stays on one line: line numbers of errors are those of the generated code.
    const run = vm.runInThisContext(
      `(function (scope) { with (scope) { return (function (exports, require, module, __filename, __dirname) {${generated}\n}); } })`,
      { filename: absolute },
    ) as (scope: object) => (...parts: unknown[]) => void;
    run(this.scope)(module.exports, this.requireFor(absolute), module, absolute, path.dirname(absolute));
    return module.exports;
  }

  private requireFor(absolute: string): (id: string) => unknown {
    const fromFile = createRequire(absolute);
    return (id) => {
      const base = id.startsWith('.') ? path.resolve(path.dirname(absolute), id) : path.join(this.root, id);
      if (base.startsWith(this.root + path.sep))
        for (const candidate of [base, `${base}.js`, `${base}.json`, path.join(base, 'index.js')])
          if (!candidate.includes('node_modules') && existsSync(candidate) && statSync(candidate).isFile())
            return this.load(path.relative(this.root, candidate));
      return id === '@dataform/core' ? { ...core, session: this.scope['dataform'] } : fromFile(id);
    };
  }
}

function walk(root: string, folder: string): string[] {
  const absolute = path.join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true }).flatMap((entry) => {
    const relative = path.join(folder, entry.name);
    return entry.isDirectory() ? walk(root, relative) : [relative];
  });
}
