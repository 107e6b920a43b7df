import { DefaultSettings, TaskUtils } from '@microsoft/powerquery-parser';
import type { Contract } from '../../../exports/contract';
import { daxReferences, type FieldName, type ModelTable, type SemanticModel } from './model';

/** The M type in which a column of an export is loaded; money as a fixed decimal, so that sums are exact. */
const mTypes: Record<string, string> = {
  text: 'type text',
  boolean: 'type logical',
  int32: 'Int64.Type',
  int64: 'Int64.Type',
  date: 'type date',
  timestamp: 'type datetime',
  'decimal(18,2)': 'Currency.Type',
  'decimal(18,6)': 'type number',
};
const dataTypes: Record<string, string> = {
  'type text': 'string',
  'type logical': 'boolean',
  'Int64.Type': 'int64',
  'type date': 'dateTime',
  'type datetime': 'dateTime',
  'Currency.Type': 'decimal',
  'type number': 'double',
};

/** What is wrong with the semantic model, a sentence each. Empty when every expression parses and every name resolves. */
export async function modelProblems(model: SemanticModel, contracts: readonly Contract[]): Promise<string[]> {
  const expressions = [
    ...model.expressions.map(({ name, m }) => [name, m] as const),
    ...model.tables.map(({ name, m }) => [name, m] as const),
  ];
  const parsed = await Promise.all(expressions.map(async ([name, m]) => ((await parsesAsM(m)) ? [] : [name])));
  return [
    ...parsed.flat().map((name) => `the M of ${name} does not parse`),
    ...referenceProblems(model),
    ...model.tables.flatMap((table) => [...loadProblems(table, contracts), ...daxProblems(table, model)]),
    ...model.relationships
      .flatMap(({ from, to }) => [from, to])
      .filter((end) => !isColumn(model, end))
      .map(({ table, field }) => `a relationship names ${table}[${field}], which is no column`),
    ...model.tables.flatMap(({ measures }) => measures).flatMap((measure) => [
      ...(measure.description ? [] : [`measure ${measure.name} has no description`]),
      ...(measure.format ? [] : [`measure ${measure.name} has no display format`]),
    ]),
  ];
}

async function parsesAsM(m: string): Promise<boolean> {
  return TaskUtils.isParseStageOk(await TaskUtils.tryLexParse(DefaultSettings, m));
}

/** Names in `ref` lines of model.tmdl must be those of the files, and the parameters those of the functions. */
function referenceProblems(model: SemanticModel): string[] {
  const defined = [
    ...model.tables.map(({ name }) => `table ${name}`),
    ...model.expressions.map(({ name }) => `expression ${name}`),
  ];
  const unknown = model.references.filter((name) => !defined.includes(name));
  const missing = defined.filter((name) => !model.references.includes(name));
  const url = model.expressions.some(({ name, m }) => name === 'LakeTable' && m.includes('AzureStorage.DataLake(LakeUrl)'));
  return [
    ...unknown.map((name) => `model.tmdl refers to ${name}, which does not exist`),
    ...missing.map((name) => `model.tmdl does not refer to ${name}`),
    ...(url ? [] : ['LakeTable does not read AzureStorage.DataLake(LakeUrl)']),
  ];
}

/** `{"column", type}` pairs of a partition, and columns that it takes by name. */
function loadedColumns(m: string): { name: string; type?: string }[] {
  const typed = [...m.matchAll(/\{"(\w+)", ([^{}]+)\}/g)].map((match) => ({ name: match[1]!, type: match[2]! }));
  const taken = [...m.matchAll(/Table\.Column\(.*?\), "(\w+)"\)/g)].map((match) => ({ name: match[1]! }));
  return [...typed, ...taken];
}

function loadProblems(table: ModelTable, contracts: readonly Contract[]): string[] {
  const contract = contracts.find((candidate) => candidate.table === table.exports[0]);
  if (!contract || table.exports.length !== 1)
    return [`table ${table.name} reads '${table.exports.join(', ')}', which is no exported table`];
  const loaded = loadedColumns(table.m);
  const problems = loaded.flatMap(({ name, type }) => {
    const column = contract.columns.find((candidate) => candidate.name === name);
    if (!column) return [`table ${table.name} loads ${name}, which ${contract.table} does not export`];
    const wanted = mTypes[column.typeName];
    return type === undefined || type === wanted ? [] : [`${table.name}.${name} is ${type} in M, ${wanted} is right`];
  });
  for (const { name, source, dataType } of table.columns) {
    if (source === undefined) continue;
    if (!table.m.includes(`"${source}"`)) problems.push(`column ${table.name}[${name}] has no source ${source} in the M`);
    const type = loaded.find((candidate) => candidate.name === source)?.type;
    if (type && dataTypes[type] !== dataType)
      problems.push(`column ${table.name}[${name}] is ${dataType}, ${dataTypes[type]} is right`);
  }
  const shown = new Set(table.columns.map(({ source }) => source));
  return [
    ...problems,
    ...loaded.filter(({ name }) => !shown.has(name)).map(({ name }) => `table ${table.name} loads ${name} for nothing`),
  ];
}

function daxProblems(table: ModelTable, model: SemanticModel): string[] {
  const expressions = [...table.measures, ...table.columns.filter((column) => column.dax !== undefined)];
  return expressions.flatMap(({ name, dax }) =>
    daxReferences(dax!)
      .filter((reference) => !isField(model, reference))
      .map(({ table: of, field }) => `${table.name}[${name}] names ${of}[${field}], which does not exist`),
  );
}

function isColumn(model: SemanticModel, { table, field }: FieldName): boolean {
  return model.tables.some(({ name, columns }) => name === table && columns.some((column) => column.name === field));
}

/** True for a column with its table, or a measure with its table or without. */
export function isField(model: SemanticModel, { table, field }: FieldName): boolean {
  const isMeasure = model.tables.some(
    ({ name, measures }) => (table === '' || name === table) && measures.some((measure) => measure.name === field),
  );
  return isMeasure || isColumn(model, { table, field });
}
