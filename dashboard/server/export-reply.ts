import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ExportFile, ExportReader } from './export-reader';
import { parseRange } from './range';
import { endIfUnchanged, refuse } from './replies';

/** Sends a file of the export, or the part that a Range header asks for. */
export async function sendExportFile(
  request: IncomingMessage,
  response: ServerResponse,
  encodedPath: string,
  openFile: ExportReader,
): Promise<void> {
  const path = decodePath(encodedPath);
  if (path === undefined) return refuse(response, 404, 'There is no such file in the export.');
  let file: ExportFile | undefined;
  try {
    file = await openFile(path);
  } catch {
    return refuse(response, 502, 'The lake could not be reached.');
  }
  if (!file) return refuse(response, 404, 'There is no such file in the export.');
  if (endIfUnchanged(request, response, file.etag)) return;
  const unchanged = request.headers['if-range'] === undefined || request.headers['if-range'] === file.etag;
  const range = parseRange(unchanged ? request.headers.range : undefined, file.bytes);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Content-Type', path.endsWith('.json') ? 'application/json' : 'application/vnd.apache.parquet');
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${file.bytes}`);
    return refuse(response, 416, 'The file is shorter than that.');
  }
  await sendPart(request, response, file, range);
}

async function sendPart(
  request: IncomingMessage,
  response: ServerResponse,
  file: ExportFile,
  range: { offset: number; count: number } | undefined,
): Promise<void> {
  const { offset, count } = range ?? { offset: 0, count: file.bytes };
  const head = () => {
    response.setHeader('Content-Length', count);
    if (range) response.setHeader('Content-Range', `bytes ${offset}-${offset + count - 1}/${file.bytes}`);
    return response.writeHead(range ? 206 : 200);
  };
  if (request.method === 'HEAD' || count === 0) return void head().end();
  let content;
  try {
    content = await file.read(offset, count);
  } catch {
    return refuse(response, 502, 'The file changed or the lake could not be reached; ask again.');
  }
  await pipeline(content, head());
}

/** The path below `gold/powerbi/`, or undefined for one that no export has. */
function decodePath(encoded: string): string | undefined {
  try {
    const path = decodeURIComponent(encoded);
    const isPlain = path.split('/').every((part) => /^[\w.=-]+$/.test(part) && !/^\.+$/.test(part));
    return isPlain ? path : undefined;
  } catch {
    return undefined;
  }
}
