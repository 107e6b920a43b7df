import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of `dataform.json`: the parent of `definitions/`, `includes/` and `dashboard/`. */
export const projectRoot: string = findUp(__dirname);

function findUp(folder: string): string {
  if (existsSync(path.join(folder, 'dataform.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`dataform.json is in no folder above ${__dirname}`);
  return findUp(parent);
}
