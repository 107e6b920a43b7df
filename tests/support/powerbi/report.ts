import type { FieldName } from './model';
import type { ProjectFiles } from './project-files';

export interface Projection extends FieldName {
  role: string;
  /** What people see: the label, or else the field's name. */
  label: string;
}
export interface Visual {
  file: string;
  name: string;
  type: string;
  projections: Projection[];
  /** Fields of sorting and filters. */
  others: FieldName[];
  sorts: FieldName[];
  position: { x: number; y: number; width: number; height: number };
}
export interface ReportPage {
  file: string;
  name: string;
  displayName: string;
  width: number;
  height: number;
  visuals: Visual[];
}
export interface Report {
  pages: ReportPage[];
  pageOrder: string[];
}

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;
type JsonObject = { [key: string]: Json };
interface VisualJson extends JsonObject {
  name: string;
  position: Visual['position'];
  visual: {
    visualType: string;
    query?: {
      queryState: Record<string, { projections: { field: Json; displayName?: string }[] }>;
      sortDefinition?: { sort: { field: Json }[] };
    } & JsonObject;
  } & JsonObject;
}

const folder = 'MedStream.Report/definition/';

/** Reads the PBIR pages of the project in their order on screen. */
export function readReport(files: ProjectFiles): Report {
  const json = <T>(name: string) => JSON.parse(files.get(name)!) as T;
  const { pageOrder } = json<{ pageOrder: string[] }>(`${folder}pages/pages.json`);
  const pages = [...files.keys()]
    .filter((name) => name.startsWith(`${folder}pages/`) && name.endsWith('/page.json'))
    .map((file): ReportPage => {
      const { name, displayName, width, height } = json<Omit<ReportPage, 'file' | 'visuals'>>(file);
      const below = `${file.slice(0, -'page.json'.length)}visuals/`;
      const visuals = [...files.keys()].filter((other) => other.startsWith(below) && other.endsWith('/visual.json'));
      const read = (visual: string) => toVisual(visual, json<VisualJson>(visual));
      return { file, name, displayName, width, height, visuals: visuals.map(read) };
    });
  return { pages: pages.sort((a, b) => pageOrder.indexOf(a.name) - pageOrder.indexOf(b.name)), pageOrder };
}

function toVisual(file: string, json: VisualJson): Visual {
  const { query, visualType } = json.visual;
  const projections = Object.entries(query?.queryState ?? {}).flatMap(([role, state]) =>
    state.projections.flatMap(({ field, displayName }) =>
      fieldsOf(field).map((name): Projection => ({ ...name, role, label: displayName ?? name.field })),
    ),
  );
  const sorts = query?.sortDefinition?.sort.flatMap(({ field }) => fieldsOf(field)) ?? [];
  const filters = json['filterConfig'] ? fieldsOf(json['filterConfig']) : [];
  return {
    file,
    name: json.name,
    type: visualType,
    projections,
    others: [...sorts, ...filters],
    sorts,
    position: json.position,
  };
}

/** Every `Column` and `Measure` below a node; aliases of `From` are replaced by their tables. */
function fieldsOf(node: Json, aliases: Readonly<Record<string, string>> = {}): FieldName[] {
  if (node === null || typeof node !== 'object') return [];
  if (Array.isArray(node)) return node.flatMap((item) => fieldsOf(item, aliases));
  const known = { ...aliases };
  for (const from of Array.isArray(node['From']) ? (node['From'] as JsonObject[]) : [])
    if (typeof from['Entity'] === 'string') known[String(from['Name'])] = from['Entity'];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key !== 'Column' && key !== 'Measure') return fieldsOf(value, known);
    const { Expression, Property } = value as { Expression: { SourceRef: JsonObject }; Property: string };
    const { Entity, Source } = Expression.SourceRef;
    return [{ table: String(Entity ?? known[String(Source)] ?? Source), field: Property }];
  });
}
