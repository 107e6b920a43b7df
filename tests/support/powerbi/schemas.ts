import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../common/project-root';
import type { ProjectFiles } from './project-files';

/** Returns the schema for a `$schema` address, or undefined. */
export type SchemaSource = (address: string) => ValidateFunction | undefined;

/** What this project uses of Power BI's formats, stricter than Microsoft's own schemas: tests/fixtures/powerbi/schemas.json. */
export function ownSchemas(): SchemaSource {
  const ajv = newAjv();
  const file = path.join(projectRoot, 'tests', 'fixtures', 'powerbi', 'schemas.json');
  const schemas = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
  for (const [address, schema] of Object.entries(schemas)) ajv.addSchema(schema, address);
  return (address) => ajv.getSchema(address);
}

/**
 * Microsoft's schemas, from a clone of github.com/microsoft/json-schemas whose folder is in MEDSTREAM_POWERBI_SCHEMAS;
 * undefined where the variable is not set. They are not kept here: 1.6 MB, and they change monthly.
 */
export function microsoftSchemas(): SchemaSource | undefined {
  const folder = process.env['MEDSTREAM_POWERBI_SCHEMAS'];
  if (!folder) return undefined;
  const ajv = newAjv();
  for (const name of readdirSync(path.join(folder, 'fabric'), { recursive: true, encoding: 'utf8' })) {
    if (!/schema(-embedded)?\.json$/.test(name)) continue;
    const address = `https://developer.microsoft.com/json-schemas/fabric/${name.replaceAll(path.sep, '/')}`;
    const schema = JSON.parse(readFileSync(path.join(folder, 'fabric', name), 'utf8').replace(/^\uFEFF/, '')) as object;
    ajv.addSchema({ ...schema, $id: address }, address);
  }
  return (address) => ajv.getSchema(address);
}

function newAjv(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats(ajv);
  return ajv;
}

/** JSON documents of the project that do not parse, have no known schema, or break it. */
export function schemaProblems(files: ProjectFiles, schemaOf: SchemaSource): string[] {
  return [...files].flatMap(([name, text]) => {
    if (!/\.(json|pbip|pbir|pbism)$|\.platform$/.test(name) || name.includes('/StaticResources/')) return [];
    let document: { $schema?: string };
    try {
      document = JSON.parse(text) as { $schema?: string };
    } catch {
      return [`${name} is no JSON`];
    }
    const validate = schemaOf(document.$schema ?? '');
    if (!validate) return [`${name} has the unknown schema ${document.$schema}`];
    if (validate(document)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath} ${message}`);
  });
}
