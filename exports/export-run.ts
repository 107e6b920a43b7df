import { createHash, randomUUID } from 'node:crypto';
import type pLimit from 'p-limit';
import type { ConnectionPool } from 'mssql';
import { MedStreamError, throwIfStopped } from '../common/errors';
import { splitBuilt } from './built';
import { contractError, extraColumns, findViolations } from './check';
import { writtenColumns, type Contract } from './contract';
import { publishedFolder, workFolder, type ExportLake } from './lake';
import type { ExportedFile, ExportedTable, Manifest } from './manifest';
import { currentManifest, prune, publish, stagedPath } from './publish';
import { exportStatement, measureSource, readSourceColumns, streamRows } from './source';
import type { ExportOptions, ExportSummary, TableSummary } from './summary';
import { layoutFor, TableWriter, type WrittenFile } from './table-writer';
import { verifyFooter } from './verify';

/** Files and bytes on their way to the lake at once; beyond that the stream of rows waits, so memory stays bounded. */
const maxUploads = 8;
const maxUploadBytes = 32 * 1024 * 1024;

export type RunSummary = Omit<ExportSummary, 'views' | 'seconds'>;

/** One export of a set of contracts, under the lake's lease. */
export class ExportRun {
  private readonly exportedAt = new Date().toISOString();
  private readonly runId = `${this.exportedAt.replace(/[-:.]/g, '')}-${randomUUID().slice(0, 8)}`;
  private readonly staged: string[] = [];
  private previous: Manifest | undefined;
  private published = new Map<string, number>();

  constructor(
    private readonly lake: ExportLake,
    private readonly pool: ConnectionPool,
    private readonly limit: ReturnType<typeof pLimit>,
    /** Throws when the lake's lease was lost, such as after the machine slept. */
    private readonly assertHeld: () => Promise<void>,
    private readonly options: ExportOptions,
  ) {}

  async run(wanted: Contract[]): Promise<RunSummary> {
    const columns = await readSourceColumns(this.pool, wanted);
    this.previous = await currentManifest(this.lake);
    const exported = new Set(this.previous?.tables.map(({ name }) => name));
    const { contracts, notBuilt } = splitBuilt(wanted, columns, exported, this.options.select !== undefined);
    const violations = contracts.flatMap((contract) => findViolations(contract, columns.get(contract.source)!));
    if (violations.length > 0) throw contractError(violations);
    this.published = await this.lake.list(publishedFolder);
    const tables: ExportedTable[] = [];
    const summaries: TableSummary[] = [];
    try {
      for (const contract of contracts) {
        throwIfStopped(this.options.signal);
        const { table, written } = await this.exportTable(contract);
        tables.push(table);
        summaries.push({
          table: table.name,
          rows: table.rows,
          files: table.files.length,
          written,
          carried: table.files.length - written,
          bytes: table.files.reduce((sum, file) => sum + file.bytes, 0),
          notExported: extraColumns(contract, columns.get(contract.source)!),
        });
      }
      throwIfStopped(this.options.signal);
      await this.assertHeld();
    } catch (error) {
      await this.lake.deleteFolder(`${workFolder}/${this.runId}`).catch(() => {});
      throw error;
    }
    // From here on the journal finishes what fails: nothing is discarded.
    await this.publishTables(tables);
    const sum = (key: 'rows' | 'files' | 'bytes') => summaries.reduce((total, table) => total + table[key], 0);
    return {
      runId: this.runId,
      exportedAt: this.exportedAt,
      tables: summaries,
      notBuilt: notBuilt.map(({ table }) => table),
      rows: sum('rows'),
      files: sum('files'),
      bytes: sum('bytes'),
    };
  }

  private async exportTable(contract: Contract): Promise<{ table: ExportedTable; written: number }> {
    const { progress, signal } = this.options;
    const before = this.previous?.tables.find((table) => table.name === contract.table);
    const unchanged = new Map(before?.files.map((file) => [file.path, file]));
    const files: ExportedFile[] = [];
    const uploads = new Set<Promise<void>>();
    let uploadBytes = 0;
    let written = 0;
    const deliver = async (file: WrittenFile): Promise<void> => {
      const path = `${contract.table}/${file.path}`;
      const sha256 = createHash('sha256').update(file.bytes).digest('hex');
      files.push({ path, rows: file.rows, bytes: file.bytes.length, sha256 });
      const same = unchanged.get(path)?.sha256 === sha256;
      if (same && this.published.get(`${publishedFolder}/${path}`) === file.bytes.length) return;
      written++;
      this.staged.push(path);
      uploadBytes += file.bytes.length;
      const upload = this.stage(contract, path, file).finally(() => {
        uploads.delete(upload);
        uploadBytes -= file.bytes.length;
      });
      uploads.add(upload);
      upload.catch(() => {});
      if (uploads.size >= maxUploads || uploadBytes >= maxUploadBytes) await Promise.all(uploads);
    };
    const { rows: expected, wide } = await measureSource(this.pool, contract);
    const task = progress.start(contract.table, 'rows', expected);
    try {
      const layout = layoutFor(contract, expected, this.options.maxFileRows);
      const writer = new TableWriter(contract, layout, deliver, this.options.maxFileRows);
      let seen = 0;
      const rows = await streamRows(
        this.pool,
        exportStatement(contract, wide),
        (row) => {
          if (++seen % 10_000 === 0) task.advance(10_000);
          return writer.take(row);
        },
        signal,
      );
      await writer.close();
      await Promise.all(uploads);
      if (rows !== expected) throw changedError(contract, expected, rows);
      const changed = written > 0 || files.length !== before?.files.length;
      const table: ExportedTable = {
        name: contract.table,
        source: contract.source,
        description: contract.description,
        columns: writtenColumns(contract).map(({ name, typeName }) => ({ name, type: typeName })),
        rows,
        changed_by: changed ? this.runId : before.changed_by,
        files,
      };
      return { table, written };
    } finally {
      await Promise.allSettled(uploads);
      task.done();
    }
  }

  private async stage(contract: Contract, path: string, file: WrittenFile): Promise<void> {
    const staged = stagedPath(this.runId, path);
    await this.lake.write(staged, file.bytes);
    const expected = { rows: file.rows, bytes: file.bytes.length, columns: writtenColumns(contract) };
    await verifyFooter(this.lake, staged, expected);
  }

  private async publishTables(tables: ExportedTable[]): Promise<void> {
    const names = new Set(tables.map((table) => table.name));
    const carried = this.previous?.tables.filter((table) => !names.has(table.name)) ?? [];
    const manifest: Manifest = {
      version: 1,
      run_id: this.runId,
      exported_at: this.exportedAt,
      tables: [...tables, ...carried].sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
    const wanted = new Set(tables.flatMap((table) => table.files.map((file) => file.path)));
    const obsolete = [...this.published.keys()]
      .map((path) => path.slice(publishedFolder.length + 1))
      .filter((path) => names.has(path.split('/')[0]!) && path.endsWith('.parquet') && !wanted.has(path));
    await publish(this.lake, { manifest, staged: this.staged, obsolete }, this.previous, this.limit);
    await prune(this.lake, this.runId, this.limit);
  }
}

function changedError(contract: Contract, expected: number, rows: number): MedStreamError {
  return new MedStreamError({
    code: 'MS5008',
    what: `${contract.source} changed while it was exported (${expected} rows counted, ${rows} read); nothing was published.`,
    next: 'Run medstream export again when no model run is under way.',
  });
}
