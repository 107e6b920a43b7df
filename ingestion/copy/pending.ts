import type { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import pLimit from 'p-limit';
import { listFiles, propertiesOf } from '../lake';
import { readManifest } from '../load/landed';
import { manifestName, referenceFolder, type ManifestFile } from '../load/manifest';
import { parseEventFilePath, eventsFolder } from '../land/event-file';
import type { PendingFile } from './ledger';

/** A CSV file of a load, with what its manifest says of its shape. */
export interface PendingCsv extends PendingFile {
  header: string[];
  lineEnd: ManifestFile['line_end'];
}

/** An NDJSON file of landed events. Rows of a file are the sequences from `first` to `last` of its partition. */
export interface PendingEvents extends PendingFile {
  hub: string;
  partition: number;
  first: number;
  last: number;
}

const parallelReads = 8;

/** CSV files of complete loads that are not copied yet, oldest load first. */
export async function pendingCsvFiles(
  bronze: DataLakeFileSystemClient,
  copied: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<PendingCsv[]> {
  const folders = new Map<string, { manifest: boolean; open: boolean }>();
  for await (const { path } of listFiles(bronze, referenceFolder, signal)) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const file = path.slice(folder.length + 1);
    const seen = folders.get(folder) ?? { manifest: false, open: false };
    if (file === manifestName) seen.manifest = true;
    else if (!file.startsWith('_') && !copied.has(`bronze/${path}`)) seen.open = true;
    folders.set(folder, seen);
  }
  const open = [...folders].filter(([, { manifest, open: some }]) => manifest && some).map(([folder]) => folder);
  const limit = pLimit(parallelReads);
  const manifests = await Promise.all(
    open.map((folder) =>
      limit(async () => ({ folder, manifest: await readManifest(bronze, `${folder}/${manifestName}`, signal) })),
    ),
  );
  const files = manifests.flatMap(({ folder, manifest }) =>
    manifest.files.map((file): PendingCsv => {
      const path = `${folder}/${file.file}`;
      return {
        table: manifest.table,
        loadId: manifest.load_id,
        kind: manifest.load_kind,
        loadFiles: manifest.files.length,
        path,
        sourceFile: `bronze/${path}`,
        bytes: file.bytes,
        sha256: file.sha256,
        rows: file.rows,
        rowsSkipped: Object.values(file.rows_skipped).reduce((sum, count) => sum + count, 0),
        headerFamily: file.header_family,
        finishedAt: manifest.finished_at,
        header: file.header,
        lineEnd: file.line_end,
      };
    }),
  );
  const order = (a: PendingCsv, b: PendingCsv) =>
    a.finishedAt! < b.finishedAt! ? -1 : a.finishedAt! > b.finishedAt! ? 1 : a.path < b.path ? -1 : 1;
  return files.filter(({ sourceFile }) => !copied.has(sourceFile)).sort(order);
}

/** NDJSON files of `land` that are not copied yet, by hub, partition and first sequence. */
export async function pendingEventFiles(
  bronze: DataLakeFileSystemClient,
  copied: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<PendingEvents[]> {
  const limit = pLimit(parallelReads);
  const reads: Promise<PendingEvents | undefined>[] = [];
  for await (const file of listFiles(bronze, eventsFolder, signal)) {
    const sourceFile = `bronze/${file.path}`;
    const parsed = parseEventFilePath(file.path);
    if (!parsed || copied.has(sourceFile)) continue;
    reads.push(
      limit(async () => {
        const metadata = (await propertiesOf(bronze, file.path, signal))?.metadata ?? {};
        const rows = Number(metadata['rows']);
        const last = Number(metadata['lastseq']);
        if (!Number.isSafeInteger(rows) || !Number.isSafeInteger(last)) return undefined;
        return {
          ...parsed,
          last,
          table: 'encounters_raw',
          loadId: 'stream',
          kind: 'stream' as const,
          loadFiles: null,
          path: file.path,
          sourceFile,
          bytes: file.bytes,
          sha256: metadata['sha256'] ?? null,
          rows,
          rowsSkipped: 0,
          headerFamily: null,
          finishedAt: file.modified.toISOString(),
        };
      }),
    );
  }
  const files = (await Promise.all(reads)).filter((file) => file !== undefined);
  return files.sort((a, b) =>
    a.hub < b.hub ? -1 : a.hub > b.hub ? 1 : a.partition - b.partition || a.first - b.first,
  );
}
