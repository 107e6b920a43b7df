/** URLs of the storage account (https, abfss, wasbs) to folders of the local lake. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { TSqlError } from '../contract';

const missing = (url: string): TSqlError =>
  new TSqlError(13807, `Content of directory on path '${url}' cannot be listed.`);

/** The local path (with its wildcards) behind `url`. Msg 13807 for another account and for paths that leave the lake. */
export function localPath(url: string, lakeRoot: string, lakeAccount: string): string {
  const https = /^https?:\/\/([^./:]+)\.(?:dfs|blob)\.[^/]+\/([^/?]+)\/?([^?]*)/i.exec(url);
  const abfss = /^(?:abfss?|wasbs?):\/\/([^@/]+)@([^./]+)\.[^/]+\/?(.*)$/i.exec(url);
  const loopback = /^https?:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?\/([^/?]+)\/([^/?]+)\/?([^?]*)/i.exec(url);
  const bare = /^https?:\/\/([^./:]+)\.(?:dfs|blob)\.[^/]+\/?$/i.exec(url);
  let account: string;
  let parts: string[];
  if (bare) [account, parts] = [bare[1]!, []];
  else if (https) [account, parts] = [https[1]!, [https[2]!, https[3]!]];
  else if (abfss) [account, parts] = [abfss[2]!, [abfss[1]!, abfss[3]!]];
  else if (loopback) [account, parts] = [loopback[1]!, [loopback[2]!, loopback[3]!]];
  else throw missing(url);
  if (account.toLowerCase() !== lakeAccount.toLowerCase()) throw missing(url);
  let decoded: string[];
  try {
    decoded = parts.map((part) => decodeURIComponent(part));
  } catch {
    decoded = parts;
  }
  const path = join(lakeRoot, ...decoded);
  const root = resolve(lakeRoot);
  const trailing = decoded.at(-1)?.endsWith('/') ? '/' : '';
  if (resolve(path) !== root && !resolve(path).startsWith(root + sep)) throw missing(url);
  return path.replace(/[/\\]+$/, '') + trailing;
}

export interface FileList {
  readonly files: readonly string[];
  /** Regular expression with a group per wildcard, for filepath(n). */
  readonly pattern: string;
}

/**
 * The files behind paths with wildcards. A folder means the files in it (with all below it when the path ends in `**`, and for COPY
 * and external tables); names that begin with `_` or `.` are left out, as Synapse does. Msg 13807 when there is none.
 */
export function listFiles(urls: readonly string[], local: readonly string[], deep: boolean): FileList {
  const files: string[] = [];
  for (const path of local) {
    if (!/[*?]/.test(path)) {
      if (!existsSync(path)) continue;
      if (statSync(path).isDirectory()) walk(path, deep || path.endsWith('/'), files);
      else files.push(path);
      continue;
    }
    const rule = new RegExp(`^${toRegex(path)}$`, 's');
    const base = path.slice(0, path.slice(0, path.search(/[*?]/)).lastIndexOf('/'));
    const all: string[] = [];
    if (existsSync(base)) walk(base, true, all);
    // A wildcard that names folders takes the files in them.
    const inFolder = new RegExp(`^${toRegex(path)}/[^/]+$`, 's');
    files.push(...all.filter((file) => rule.test(file) || inFolder.test(file)));
  }
  if (!files.length) throw missing(urls.join(', '));
  files.sort();
  return { files: [...new Set(files)], pattern: toRegex(local[0]!) + '$' };
}
const toRegex = (path: string): string =>
  path
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?/g, '\0')
    .replace(/\*/g, '([^/]*)')
    .replace(/\?/g, '([^/])')
    .replace(/\0/g, '(.*)');

function walk(folder: string, deep: boolean, out: string[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('_') || entry.name.startsWith('.')) continue;
    const path = `${folder.replace(/\/+$/, '')}/${entry.name}`;
    if (entry.isDirectory()) {
      if (deep) walk(path, deep, out);
    } else if (entry.isFile()) out.push(path);
  }
}
