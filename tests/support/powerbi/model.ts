import type { ProjectFiles } from './project-files';
import { parseTmdl, property, unquoted, type TmdlNode } from './tmdl';

export interface ModelColumn {
  name: string;
  dataType: string;
  /** The column of the partition's M result; undefined for a calculated column. */
  source?: string;
  /** The DAX of a calculated column. */
  dax?: string;
}
export interface ModelMeasure {
  name: string;
  dax: string;
  description: string;
  format?: string;
}
export interface ModelTable {
  name: string;
  description: string;
  columns: ModelColumn[];
  measures: ModelMeasure[];
  /** The M of the partition. */
  m: string;
  /** Exported tables that the M reads by `ReadTable`. */
  exports: string[];
}
export interface SemanticModel {
  tables: ModelTable[];
  /** Shared M expressions: parameters and functions. */
  expressions: { name: string; m: string; description: string }[];
  relationships: { from: FieldName; to: FieldName }[];
  /** What model.tmdl refers to: `table Payers`, `expression LakeUrl`. */
  references: string[];
}
export interface FieldName {
  table: string;
  field: string;
}

const folder = 'MedStream.SemanticModel/definition/';

/** Reads the TMDL of the project. @throws Error with file and line when it does not parse. */
export function readModel(files: ProjectFiles): SemanticModel {
  const nodes = [...files]
    .filter(([name]) => name.startsWith(folder) && name.endsWith('.tmdl'))
    .flatMap(([name, text]) => parseTmdl(name, text));
  const of = (kind: string) => nodes.filter((node) => node.kind === kind);
  return {
    tables: of('table').map(toTable),
    expressions: of('expression').map(({ name, value, description }) => ({ name, m: withoutMeta(value!), description })),
    relationships: of('relationship').map((node) => ({
      from: fieldName(property(node, 'fromColumn')!),
      to: fieldName(property(node, 'toColumn')!),
    })),
    references: nodes.filter((node) => node.kind.startsWith('ref ')).map((node) => `${node.kind.slice(4)} ${node.name}`),
  };
}

function toTable(node: TmdlNode): ModelTable {
  const children = (kind: string) => node.children.filter((child) => child.kind === kind);
  const partition = children('partition')[0];
  const m = (partition && property(partition, 'source')) ?? '';
  return {
    name: node.name,
    description: node.description,
    columns: children('column').map((column) => ({
      name: column.name,
      dataType: property(column, 'dataType') ?? '',
      source: property(column, 'sourceColumn'),
      dax: column.value,
    })),
    measures: children('measure').map((measure) => ({
      name: measure.name,
      dax: measure.value ?? '',
      description: measure.description,
      format: property(measure, 'formatString'),
    })),
    m,
    exports: [...new Set([...m.matchAll(/ReadTable\("([^"]+)"\)/g)].map((match) => match[1]!))],
  };
}

function withoutMeta(m: string): string {
  return m.replace(/ meta \[.*\]$/, '');
}

/** `'Payer months'.payer_id` as table and column. */
function fieldName(text: string): FieldName {
  const [, table, field] = /^('[^']+'|[^.]+)\.(.+)$/.exec(text)!;
  return { table: unquoted(table!), field: unquoted(field!) };
}

/** Columns and measures that a DAX expression names; a measure without its table has `table: ''`. */
export function daxReferences(dax: string): FieldName[] {
  const withoutTexts = dax.replace(/"(?:[^"]|"")*"/g, '""');
  return [...withoutTexts.matchAll(/('[^']+'|[A-Za-z_]\w*)?\[([^\]]+)\]/g)].map((match) => ({
    table: unquoted(match[1] ?? ''),
    field: match[2]!,
  }));
}
