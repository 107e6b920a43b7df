import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { randomUUID } from 'node:crypto';
import { throwIfStopped } from '../../common/errors';
import { inTime, lakeError, moveNew, propertiesOf, stagingFolder } from '../lake';
import { loadFolder, manifestName, tableFolder, type LoadKind, type Manifest, type ManifestFile } from './manifest';
import type { PlannedFile, TablePlan } from './plan';
import { rejectedName, uploadFile, type Uploaded, type UploadWork } from './upload';
import { later } from './watermark';

export interface LoadIdentity {
  loadId: string;
  kind: LoadKind;
  source: string;
  startedAt: string;
}

/**
 * Publishes one table of a load: files into a staging folder, verified; the manifest beside them, last; then the folder is
 * renamed into place, so that a kill at any moment leaves all of it in bronze or nothing.
 * @throws MedStreamError MS32xx
 */
export async function publishTable(
  bronze: DataLakeFileSystemClient,
  plan: TablePlan,
  identity: LoadIdentity,
  work: UploadWork,
): Promise<Manifest> {
  const staging = `${stagingFolder}/load-${randomUUID()}`;
  const folder = loadFolder(plan.table, identity.loadId);
  const { signal } = work;
  try {
    const files: ManifestFile[] = [];
    for (const file of plan.files) {
      throwIfStopped(signal);
      const uploaded = await uploadFile(bronze, staging, file, plan.filter, work);
      files.push(describe(file, uploaded, plan.watermark));
    }
    const manifest: Manifest = {
      schema_version: 1,
      load_id: identity.loadId,
      load_kind: identity.kind,
      table: plan.table,
      load_before: plan.newest?.load_id ?? null,
      source: identity.source,
      started_at: identity.startedAt,
      finished_at: after(plan.newest?.finished_at),
      files,
    };
    await writeText(bronze, `${staging}/${manifestName}`, manifest, signal);
    await bronze.getDirectoryClient(tableFolder(plan.table)).createIfNotExists({ abortSignal: inTime(signal) });
    await moveFolder(bronze, staging, folder, signal);
    return manifest;
  } catch (error) {
    throw lakeError(error, `publish ${plan.table}`, folder, signal);
  } finally {
    await bronze
      .getDirectoryClient(staging)
      .deleteIfExists(true, { abortSignal: inTime() })
      .catch(() => undefined);
  }
}

/** Renames a staged folder into place, where it appears whole: the files and the manifest that makes them a load. */
async function moveFolder(
  bronze: DataLakeFileSystemClient,
  staging: string,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await moveNew(bronze, staging, folder, signal);
  } catch (error) {
    // Another run of the same load was faster: what stands there is the same content.
    if (await propertiesOf(bronze, `${folder}/${manifestName}`, signal)) return;
    if (!(await propertiesOf(bronze, folder, signal))) throw error;
    // Its manifest was taken away: it is no load, and is made again.
    await bronze.getDirectoryClient(folder).deleteIfExists(true, { abortSignal: inTime(signal) });
    await moveNew(bronze, staging, folder, signal);
  }
}

async function writeText(bronze: DataLakeFileSystemClient, path: string, value: unknown, signal?: AbortSignal) {
  const text = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  await bronze.getFileClient(path).upload(text, { abortSignal: inTime(signal) });
}

/** Now, but later than the load before even where the clock went back: the order of loads decides which row holds. */
function after(previous: string | undefined): string {
  const now = Date.now();
  return new Date(previous ? Math.max(now, Date.parse(previous) + 1) : now).toISOString();
}

function describe({ source, scan }: PlannedFile, uploaded: Uploaded, before: string | null): ManifestFile {
  return {
    file: source.landedName,
    source_file: source.name,
    bytes: uploaded.bytes,
    sha256: uploaded.sha256,
    source_sha256: scan.sha256,
    rows_read: scan.rowsRead,
    rows: scan.rows,
    rows_skipped: scan.skipped,
    ...(uploaded.rejected ? { rejected_file: rejectedName(source.landedName) } : {}),
    bad_lines: scan.badLines,
    header: scan.header,
    header_family: scan.check.family ?? null,
    drift: scan.check.drift,
    line_end: scan.lineEnd,
    watermark: later(scan.watermark, before),
  };
}
