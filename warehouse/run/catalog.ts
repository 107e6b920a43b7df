import type { Warehouse } from '../connection/warehouse';
import { driverError } from '../connection/errors';
import type { Target } from '../graph/model';
import { listGrants, listObjects, listSchemas } from '../sql/catalog';
import type { Column } from '../sql/incremental';
import { bracket, quoted } from '../sql/names';
import type { Grant, ObjectKind } from '../sql/table';

/** What exists in the schemas of a run. Read once at its start, then kept up to date by what the run does. */
export class Catalog {
  private constructor(
    private readonly warehouse: Warehouse,
    private readonly objects: Map<string, ObjectKind>,
    private readonly grants: ReadonlyMap<string, Grant[]>,
  ) {}

  /** Reads tables, views and permissions of `schemas`; with `create`, missing schemas are created first. */
  static async read(warehouse: Warehouse, schemas: readonly string[], create: boolean): Promise<Catalog> {
    if (create) {
      const present = await warehouse.query<{ schema_name: string }>(listSchemas);
      const names = new Set(present.map((row) => row.schema_name.toLowerCase()));
      for (const schema of schemas) if (!names.has(schema.toLowerCase())) await createSchema(warehouse, schema);
    }
    const [objects, grants] = await Promise.all([
      warehouse.query<{ schema_name: string; object_name: string; object_type: string }>(listObjects(schemas)),
      readGrants(warehouse),
    ]);
    const kinds = new Map<string, ObjectKind>();
    for (const { schema_name, object_name, object_type } of objects)
      kinds.set(key({ schema: schema_name, name: object_name }), /view/i.test(object_type) ? 'view' : 'table');
    return new Catalog(warehouse, kinds, grants);
  }

  kindOf(target: Target): ObjectKind | undefined {
    return this.objects.get(key(target));
  }

  set(target: Target, kind: ObjectKind | undefined): void {
    if (kind) this.objects.set(key(target), kind);
    else this.objects.delete(key(target));
  }

  grantsOn(target: Target): readonly Grant[] {
    return this.grants.get(key(target)) ?? [];
  }

  /** The catalog as it is now. */
  reread(warehouse: Warehouse, schemas: readonly string[]): Promise<Catalog> {
    return Catalog.read(warehouse, schemas, false);
  }

  /** Columns and their types as the server describes a result: the same on every server, without its catalog views. */
  async columnsOf(target: Target): Promise<Column[]> {
    const { columns } = await this.warehouse.read(`SELECT TOP 0 * FROM ${quoted(target)}`);
    return [...columns];
  }
}

function key({ schema, name }: Target): string {
  return `${schema}.${name}`.toLowerCase();
}

/** Another run may create the same schema at this moment: its being there is what matters. */
async function createSchema(warehouse: Warehouse, schema: string): Promise<void> {
  try {
    await warehouse.send(`CREATE SCHEMA ${bracket(schema)}`);
  } catch (error) {
    if (![2714, 2759].includes(driverError(error).number ?? 0) && !/already (exists|an object)/i.test(String(error)))
      throw error;
  }
}

interface GrantRow {
  schema_name: string;
  object_name: string;
  state: string;
  permission: string;
  principal: string;
  column_name: string | null;
}

async function readGrants(warehouse: Warehouse): Promise<Map<string, Grant[]>> {
  const grants = new Map<string, Grant[]>();
  for (const row of await readGrantRows(warehouse)) {
    const name = key({ schema: row.schema_name, name: row.object_name });
    const grant: Grant = {
      state: row.state as Grant['state'],
      permission: row.permission,
      principal: row.principal,
      column: row.column_name ?? undefined,
    };
    grants.set(name, [...(grants.get(name) ?? []), grant]);
  }
  return grants;
}

/** A server without that catalog view (208) has no permissions on objects to carry. */
async function readGrantRows(warehouse: Warehouse): Promise<GrantRow[]> {
  try {
    return await warehouse.query<GrantRow>(listGrants);
  } catch (error) {
    if (driverError(error).number === 208) return [];
    throw error;
  }
}
