import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mssql from 'mssql';
import type { LocalSynapse } from '../../local/synapse';
import { startPool } from './pool';

const objects = [
  `CREATE TABLE dbo.tool (a int NOT NULL, b nvarchar(20) NULL, c decimal(18,2) NULL DEFAULT 1.5, d datetime2(3),
     CONSTRAINT pk_tool PRIMARY KEY NONCLUSTERED (a) NOT ENFORCED) WITH (DISTRIBUTION = HASH(a), CLUSTERED COLUMNSTORE INDEX)`,
  "INSERT INTO dbo.tool (a, b, c) VALUES (1, N'x', 2.5) OPTION (LABEL = 'load of tool')",
  'CREATE VIEW dbo.tool_view AS SELECT a, b FROM dbo.tool',
  'CREATE PROCEDURE dbo.tool_proc @p int, @q nvarchar(10) OUTPUT AS SELECT @p AS p',
  'CREATE STATISTICS tool_stats ON dbo.tool (b)',
];

/** A pool with a table, a view and a procedure that tools look at. */
export class ToolServer {
  private constructor(
    readonly root: string,
    readonly server: LocalSynapse,
    readonly pool: mssql.ConnectionPool,
  ) {}

  static async start(): Promise<ToolServer> {
    const root = mkdtempSync(path.join(tmpdir(), 'synapse-tools-'));
    const server = await startPool(root, { sa: 'Local(!)Pass1' });
    const login = { server: '127.0.0.1', port: server.port, user: 'sa', password: 'Local(!)Pass1' };
    const pool = await new mssql.ConnectionPool({
      ...login,
      database: 'medstream',
      options: { encrypt: false },
      pool: { max: 1 },
    }).connect();
    for (const text of objects) await pool.request().batch(text);
    return new ToolServer(root, server, pool);
  }

  /** The result sets of a batch. */
  async sets(text: string): Promise<Record<string, unknown>[][]> {
    return (await this.pool.request().batch(text)).recordsets as unknown as Record<string, unknown>[][];
  }

  async stop(): Promise<void> {
    await this.pool.close();
    await this.server.stop();
    rmSync(this.root, { recursive: true, force: true });
  }
}
