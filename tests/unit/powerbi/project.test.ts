import { describe, expect, test } from '@jest/globals';
import { readContracts } from '../../../exports/contract';
import { modelProblems } from '../../support/powerbi/check-model';
import { reportProblems } from '../../support/powerbi/check-report';
import { readModel } from '../../support/powerbi/model';
import { readProjectFiles, withChange, type ProjectFiles } from '../../support/powerbi/project-files';
import { readReport } from '../../support/powerbi/report';
import { microsoftSchemas, ownSchemas, schemaProblems } from '../../support/powerbi/schemas';
import { usesOf } from '../../support/powerbi/usage';

const files = readProjectFiles();
const contracts = readContracts();
const tables = 'MedStream.SemanticModel/definition/tables/';
const pages = 'MedStream.Report/definition/pages/';
const costVisual = `${pages}departmentAnalytics/visuals/costAndPaymentsByDepartment/visual.json`;

async function problems(project: ProjectFiles): Promise<string[]> {
  const schema = schemaProblems(project, ownSchemas());
  const model = readModel(project);
  return [...schema, ...(await modelProblems(model, contracts)), ...reportProblems(readReport(project), model)];
}

describe('the Power BI project', () => {
  test('parses, and every field resolves to an exported column or a measure', async () => {
    expect(await problems(files)).toEqual([]);
  });

  const microsoft = microsoftSchemas();
  if (microsoft)
    test("holds Microsoft's own JSON schemas", () => {
      expect(schemaProblems(files, microsoft)).toEqual([]);
    });
  else process.stderr.write("skipped: Microsoft's JSON schemas: MEDSTREAM_POWERBI_SCHEMAS is not set (docs/power-bi.md)\n");

  test('has the four pages in order, each with a heading, cards, charts and a table', () => {
    const report = readReport(files);
    expect(report.pages.map(({ displayName }) => displayName)).toEqual([
      'Department Analytics',
      'Organization Monthly Trends',
      'Payer Coverage',
      'Data Quality',
    ]);
    for (const { visuals } of report.pages) {
      const types = visuals.map(({ type }) => type);
      expect(types).toEqual(expect.arrayContaining(['textbox', 'card', 'tableEx']));
      expect(types.some((type) => type.endsWith('Chart'))).toBe(true);
    }
  });

  test('points from the shortcut to the report, from the report to the model, and to its theme', () => {
    const json = (name: string) => JSON.parse(files.get(name)!) as Record<string, never>;
    const shortcut: { artifacts: { report: { path: string } }[] } = json('MedStream.pbip') as never;
    expect(files.has(`${shortcut.artifacts[0]!.report.path}/definition.pbir`)).toBe(true);
    const report: { datasetReference: { byPath: { path: string } } } = json('MedStream.Report/definition.pbir') as never;
    expect(files.has(`${report.datasetReference.byPath.path.replace('../', '')}/definition.pbism`)).toBe(true);
    expect(files.has('MedStream.Report/StaticResources/RegisteredResources/MedStream.json')).toBe(true);
    const { connections }: { connections: object[] } = json('MedStream.pbids') as never;
    const parameter = (name: string) =>
      JSON.parse(readModel(files).expressions.find((expression) => expression.name === name)!.m) as string;
    const address = { server: parameter('SynapseServer'), database: parameter('SynapseDatabase') };
    expect(connections).toEqual([expect.objectContaining({ details: { protocol: 'tds', address } })]);
  });

  test('the contracts name exactly the report fields that are made of each column', () => {
    const model = readModel(files);
    const report = readReport(files);
    const differences = contracts.flatMap(({ table, columns }) =>
      columns.flatMap(({ name, reports }) => {
        const named = reports.filter((field) => field.startsWith('Power BI · ')).sort();
        const used = usesOf(model, report, table, name).sort();
        return JSON.stringify(named) === JSON.stringify(used) ? [] : [{ column: `${table}.${name}`, named, used }];
      }),
    );
    expect(differences).toEqual([]);
  });
});

describe('a mistake in the Power BI project is found', () => {
  const payers = `${tables}Payers.tmdl`;
  test.each<[string, string, string, string, string]>([
    ['M that does not parse', payers, 'Chosen = Table.SelectColumns(', 'Chosen = Table.SelectColumns((', 'the M of Payers does not parse'],
    ['a column that is not exported', payers, '{"payer_name", type text}', '{"payer_title", type text}', 'table Payers loads payer_title, which payer_coverage_summary does not export'],
    ['money as a double', payers, '{"total_claim_cost", Currency.Type}', '{"total_claim_cost", type number}', 'Payers.total_claim_cost is type number in M, Currency.Type is right'],
    ['a table that is not exported', payers, 'ReadTable("payer_coverage_summary")', 'ReadTable("payers")', "table Payers reads 'payers', which is no exported table"],
    ['a measure over a column that is not there', payers, 'SUM(Payers[total_payments])', 'SUM(Payers[payments])', 'Payers[Payer payments] names Payers[payments], which does not exist'],
    ['a measure without a format', payers, '\t\tformatString: 0.0%\n', '', 'measure Coverage rate has no display format'],
    ['a measure without a description', payers, '\t/// Payer coverage / claim cost. Not the payment rate.\n', '', 'measure Coverage rate has no description'],
    ['a wrong data type', payers, 'column Insured\n\t\tdataType: boolean', 'column Insured\n\t\tdataType: string', 'column Payers[Insured] is string, boolean is right'],
    ['a relationship to nowhere', 'MedStream.SemanticModel/definition/relationships.tmdl', 'toColumn: Payers.payer_id', 'toColumn: Payers.id', 'a relationship names Payers[id], which is no column'],
    ['a table that the model does not list', 'MedStream.SemanticModel/definition/model.tmdl', 'ref table Payers\n', '', 'model.tmdl does not refer to table Payers'],
    ['a fixed storage address', 'MedStream.SemanticModel/definition/expressions.tmdl', 'DataLake(LakeUrl)', 'DataLake("https://x.dfs.core.windows.net/gold")', 'LakeTable does not read AzureStorage.DataLake(LakeUrl)'],
    ['a field that is no measure', costVisual, '"Property": "Payments"', '"Property": "Paid"', 'visual costAndPaymentsByDepartment shows Departments[Paid], which does not exist'],
    ['cost stacked on payments', costVisual, 'clusteredColumnChart', 'columnChart', 'visual costAndPaymentsByDepartment stacks Claim cost and Payments'],
    ['a role that the visual does not have', costVisual, '"Category": {', '"Rows": {', 'visual costAndPaymentsByDepartment has no role Rows (Department)'],
    ['a key that PBIR does not know', costVisual, '"visualType":', '"prototypeQuery": {}, "visualType":', `${costVisual}/visual must NOT have additional properties`],
    ['a visual that is not named as its folder', costVisual, '"name": "costAndPaymentsByDepartment"', '"name": "cost"', `${costVisual} is not named as its folder`],
    [
      'a visual on another',
      costVisual,
      '"x": 640',
      '"x": 600',
      'visual costAndPaymentsByDepartment lies on encountersByDepartment',
    ],
    [
      'a visual out of the page',
      costVisual,
      '"width": 616',
      '"width": 660',
      'visual costAndPaymentsByDepartment reaches out of the page',
    ],
    ['a page that is not listed', `${pages}pages.json`, '"dataQuality"', '"quality"', 'page dataQuality is not in pages.json'],
    ['broken JSON', 'MedStream.pbip', '"version": "1.0",', '"version": "1.0"', 'MedStream.pbip is no JSON'],
  ])('%s', async (_what, file, from, to, problem) => {
    expect(await problems(withChange(files, file, from, to))).toContain(problem);
  });

  test.each<[string, string, string, RegExp]>([
    ['an unknown property', '\t\tisKey\n', '\t\tisKye\n', /Payers\.tmdl:\d+: 'isKye' may not stand in column/],
    ['spaces for tabs', '\t\tisKey\n', '        isKey\n', /Payers\.tmdl:\d+: indented by spaces/],
    ['a property below no object', '\t\tisKey\n', '\t\t\t\tisKey\n', /Payers\.tmdl:\d+: indented too deep/],
    ['an expression that is missing', ' = SUM(Payers[encounter_count])\n', ' =\n', /Payers\.tmdl:\d+: measure has no expression/],
  ])('TMDL: %s', (_what, from, to, problem) => {
    expect(() => readModel(withChange(files, payers, from, to))).toThrow(problem);
  });
});
