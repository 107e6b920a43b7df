import type { CatalogOptions, OpenCatalog, SharedCatalog, Surface } from '../contract';
import type { Warehouse } from '../engine/warehouse';

/** Databases beside the warehouse's own, as the logical server of a pool has them: SQL Server's surface, in memory, gone at the end. */
export const systemDatabases: ReadonlySet<string> = new Set(['master', 'tempdb', 'model', 'msdb']);

/** The databases of a server with their catalogs; those of the server itself are made when they are first used. */
export class Databases {
  private readonly open = new Map<string, Promise<SharedCatalog>>();

  constructor(
    private readonly warehouse: Warehouse,
    private readonly openCatalog: OpenCatalog,
    private readonly options: Omit<CatalogOptions, 'openDatabase' | 'database' | 'databaseIds' | 'surface'>,
    /** The pool's own database. */
    private readonly own: string,
    private readonly surface: Surface,
  ) {}

  has(name: string): boolean {
    return this.properName(name) !== undefined;
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
    if (lower === this.own.toLowerCase()) return this.own;
    return systemDatabases.has(lower) ? lower : undefined;
  }

  private async make(database: string): Promise<SharedCatalog> {
    const isOwn = database === this.own;
    if (!isOwn) await this.warehouse.attachInMemory(database);
    const connection = await this.warehouse.connect(database);
    try {
      return await this.openCatalog(connection, {
        ...this.options,
        database,
        databaseIds: new Map([...systemDatabases, this.own].map((name, index) => [name, index + 1])),
        surface: isOwn ? this.surface : 'server',
        openDatabase: (name) => this.catalog(name),
      });
    } finally {
      connection.closeSync();
    }
  }
}
