import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ExportReader } from '../../../dashboard';
import { readContracts } from '../../../exports/contract';
import type { ExportedTable, Manifest } from '../../../exports/manifest';
import type { Cell } from '../../../exports/parquet/sink';
import { WasmSink } from '../../../exports/parquet/wasm-sink';

/** Rows by table; cells in the order of the contract's columns, decimals as text. */
export type ExportRows = Record<string, Cell[][]>;

/** A folder that looks like `gold/powerbi/` after an export of these rows. */
export class ExportFolder {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'medstream-dashboard-'));

  /** Writes the Parquet files, then `_export.json`. */
  publish(rows: ExportRows, exportedAt = new Date().toISOString()): Manifest {
    const tables = Object.entries(rows).map(([name, cells]) => this.writeTable(name, cells));
    const runId = `${exportedAt.replace(/[-:.]/g, '')}-${randomUUID().slice(0, 8)}`;
    const manifest: Manifest = { version: 1, run_id: runId, exported_at: exportedAt, tables };
    this.writeManifest(manifest);
    return manifest;
  }

  writeManifest(manifest: Manifest): void {
    writeFileSync(this.path('_export.json.new'), JSON.stringify(manifest));
    renameSync(this.path('_export.json.new'), this.path('_export.json'));
  }

  readManifest(): Manifest {
    return JSON.parse(readFileSync(this.path('_export.json'), 'utf8')) as Manifest;
  }

  private writeTable(name: string, cells: Cell[][]): ExportedTable {
    const contract = readContracts().find(({ table }) => table === name)!;
    const sink = new WasmSink(contract.columns);
    for (const row of cells) sink.push(row);
    const content = sink.finish();
    const file = `${name}/part-00000.parquet`;
    mkdirSync(this.path(name), { recursive: true });
    writeFileSync(this.path(file), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return {
      name,
      source: contract.source,
      description: contract.description,
      columns: contract.columns.map((column) => ({ name: column.name, type: column.typeName })),
      rows: cells.length,
      changed_by: 'test',
      files: [{ path: file, rows: cells.length, bytes: content.length, sha256 }],
    };
  }

  /** Reads the folder for the dashboard, as the lake is read by the command. */
  readonly openFile: ExportReader = async (name) => {
    const file = this.path(name);
    if (!existsSync(file)) return undefined;
    const { size, mtimeNs } = statSync(file, { bigint: true });
    return {
      bytes: Number(size),
      etag: `"${mtimeNs}-${size}"`,
      read: async (offset, count) => createReadStream(file, { start: offset, end: offset + count - 1 }),
    };
  };

  path(name: string): string {
    return path.join(this.root, name);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
