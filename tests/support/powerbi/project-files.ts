import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../common/project-root';

/** The Power BI project of this repository: path below `powerbi/` (with `/`) → text. */
export type ProjectFiles = ReadonlyMap<string, string>;

export function readProjectFiles(folder: string = path.join(projectRoot, 'powerbi')): ProjectFiles {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
  return new Map(names.sort().map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

/** The project with one file changed, for tests of what a mistake does. @throws Error when the text is not in the file. */
export function withChange(files: ProjectFiles, name: string, from: string, to: string): ProjectFiles {
  const text = files.get(name);
  if (!text?.includes(from)) throw new Error(`${name} has no ${JSON.stringify(from)}`);
  return new Map(files).set(name, text.replace(from, () => to));
}
