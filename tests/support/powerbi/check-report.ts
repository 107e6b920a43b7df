import { isField } from './check-model';
import type { FieldName, SemanticModel } from './model';
import type { Report, ReportPage, Visual } from './report';

/** The visuals of this report and the roles that their fields can have. */
const rolesOf: Record<string, readonly string[]> = {
  card: ['Values'],
  clusteredBarChart: ['Category', 'Y', 'Series', 'Tooltips'],
  clusteredColumnChart: ['Category', 'Y', 'Series', 'Tooltips'],
  lineChart: ['Category', 'Y', 'Series', 'Tooltips'],
  slicer: ['Values'],
  tableEx: ['Values'],
  textbox: [],
};
/** Visuals that put their values on top of one another: wrong for cost and payments, which are part of the cost. */
const stacked = ['barChart', 'columnChart', 'areaChart', 'stackedAreaChart', 'hundredPercentStackedBarChart'];

/** What is wrong with the report, a sentence each. Empty when every field resolves in the model. */
export function reportProblems({ pages, pageOrder }: Report, model: SemanticModel): string[] {
  const names = pages.flatMap(({ visuals }) => visuals.map(({ name }) => name));
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  const folderOf = (file: string) => file.split('/').at(-2);
  return [
    ...pageOrder.filter((name) => !pages.some((page) => page.name === name)).map((name) => `page ${name} does not exist`),
    ...pages.filter(({ name }) => !pageOrder.includes(name)).map(({ name }) => `page ${name} is not in pages.json`),
    ...pages.filter(({ name, file }) => folderOf(file) !== name).map(({ file }) => `${file} is not named as its folder`),
    ...twice.map((name) => `visual ${name} exists twice`),
    ...pages.flatMap(placeProblems),
    ...pages.flatMap(({ visuals }) => visuals).flatMap((visual) => visualProblems(visual, model, folderOf(visual.file)!)),
  ];
}

/** Visuals must lie within the page, and none on another. */
function placeProblems({ visuals, width, height }: ReportPage): string[] {
  const overlap = ({ position: a }: Visual, { position: b }: Visual) =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  return visuals.flatMap((visual, at) => {
    const { x, y, width: w, height: h } = visual.position;
    const below = visuals.slice(at + 1).filter((other) => overlap(visual, other));
    return [
      ...(x + w <= width && y + h <= height ? [] : [`visual ${visual.name} reaches out of the page`]),
      ...below.map((other) => `visual ${visual.name} lies on ${other.name}`),
    ];
  });
}

function visualProblems(visual: Visual, model: SemanticModel, folder: string): string[] {
  const { name, type, projections, others, sorts } = visual;
  const problems = folder === name ? [] : [`${visual.file} is not named as its folder`];
  const values = projections.filter(({ role }) => role === 'Y');
  if (stacked.includes(type) && values.length > 1) problems.push(`visual ${name} stacks ${labels(values)}`);
  else if (!rolesOf[type]) problems.push(`visual ${name} is of the unknown type ${type}`);
  for (const { role, ...field } of projections)
    if (rolesOf[type] && !rolesOf[type].includes(role)) problems.push(`visual ${name} has no role ${role} (${field.field})`);
  for (const field of [...projections, ...others])
    if (!isField(model, field)) problems.push(`visual ${name} shows ${field.table}[${field.field}], which does not exist`);
  for (const sort of sorts)
    if (!projections.some((field) => sameField(field, sort))) problems.push(`visual ${name} sorts by what it does not show`);
  return problems;
}

function sameField(a: FieldName, b: FieldName): boolean {
  return a.table === b.table && a.field === b.field;
}

function labels(fields: readonly { label: string }[]): string {
  return fields.map(({ label }) => label).join(' and ');
}
