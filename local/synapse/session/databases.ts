import type { CatalogOptions, OpenCatalog, SharedCatalog, Surface } from '../contract';
import type { Warehouse } from '../engine/warehouse';

/** Databases beside the warehouse's own, as the logical server of a pool has them: SQL Server's surface, in memory, gone at the end. */
export const systemDatabases: ReadonlySet<string> = new Set(['master', 'tempdb', 'model', 'msdb']);

/** The databases of a server with their catalogs; those of the server itself are made when they are first used. */
export class Databases {
  private readonly open = new Map<string, Promise<SharedCatalog>>();
  /** Every database with its id. */
  private readonly ids: Map<string, number>;
  private nextId = systemDatabases.size + 2;

  constructor(
    private readonly warehouse: Warehouse,
    private readonly openCatalog: OpenCatalog,
    private readonly options: Omit<
      CatalogOptions,
      'openDatabase' | 'createDatabase' | 'dropDatabase' | 'database' | 'databaseIds' | 'surface'
    >,
    /** The pool's own database. */
    private readonly own: string,
    private readonly surface: Surface,
  ) {
    this.ids = new Map([...systemDatabases, own].map((name, index) => [name, index + 1]));
  }

  has(name: string): boolean {
    return this.properName(name) !== undefined;
  }

  /** What statements a database takes, by its proper name. A pool cannot be called as a database of the server is. */
  surfaceOf(name: string): Surface {
    return name === this.own && !systemDatabases.has(name) ? this.surface : 'server';
  }

  /** Undefined when there is no such database. */
  async catalog(name: string): Promise<SharedCatalog | undefined> {
    const proper = this.properName(name);
    if (proper === undefined) return undefined;
    let catalog = this.open.get(proper);
    if (!catalog) {
      catalog = this.make(proper);
      this.open.set(proper, catalog);
      catalog.catch(() => this.open.delete(proper));
    }
    return catalog;
  }

  /** The name as the server writes it; undefined when there is no such database. */
  properName(name: string): string | undefined {
    const lower = name.toLowerCase();
    return [...this.ids.keys()].find((known) => known.toLowerCase() === lower);
  }

  private async create(name: string): Promise<boolean> {
    if (this.has(name)) return false;
    this.ids.set(name, this.nextId++);
    await this.catalog(name);
    return true;
  }

  /** Sessions inside lose their tables. */
  private async drop(name: string): Promise<boolean> {
    const proper = this.properName(name);
    if (proper === undefined || proper === this.own || systemDatabases.has(proper)) return false;
    this.ids.delete(proper);
    const opened = this.open.get(proper);
    this.open.delete(proper);
    if (opened) await opened.then(() => this.warehouse.detach(proper));
    return true;
  }

  private async make(database: string): Promise<SharedCatalog> {
    const isOwn = database === this.own;
    if (!isOwn) await this.warehouse.attachInMemory(database);
    const connection = await this.warehouse.connect(database);
    try {
      return await this.openCatalog(connection, {
        ...this.options,
        database,
        databaseIds: this.ids,
        surface: this.surfaceOf(database),
        openDatabase: (name) => this.catalog(name),
        createDatabase: (name) => this.create(name),
        dropDatabase: (name) => this.drop(name),
      });
    } finally {
      connection.closeSync();
    }
  }
}
