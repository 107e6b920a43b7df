import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../../common/project-root';
import { contractError, findViolations } from '../../../exports/check';
import type { SourceColumn } from '../../../exports/column-type';
import { parseContract, readContracts } from '../../../exports/contract';
import { selectContracts } from '../../../exports/select';
import { compileProject } from '../../../warehouse';

const contracts = readContracts();

describe('contracts of exports', () => {
  test('export exactly the columns that the models document', () => {
    const { tables = [] } = compileProject({ projectDir: projectRoot }).compiled;
    const differences = contracts.flatMap(({ source, columns }) => {
      const model = tables.find(({ target }) => `${target.schema}.${target.name}` === source);
      const documented = model?.actionDescriptor?.columns?.map(({ path }) => path![0]!).sort();
      const exported = columns.map(({ name }) => name).sort();
      return JSON.stringify(documented) === JSON.stringify(exported) ? [] : [{ source, documented, exported }];
    });
    expect(differences).toEqual([]);
  });

  test('people see small groups suppressed only: marts that hide them are exported from their reader views', () => {
    const suppressed = contracts.filter(({ columns }) => columns.some(({ name }) => name === 'is_suppressed'));
    expect(suppressed.map(({ source }) => source).sort()).toEqual([
      'dbo.vw_condition_prevalence',
      'dbo.vw_encounters_by_department_demographics',
    ]);
  });
});

describe('a broken contract', () => {
  const contract = parseContract({
    table: 'payers',
    source: 'gold.payers',
    description: 'One row a payer.',
    key: ['payer_id'],
    columns: [
      { name: 'payer_id', type: 'int64', description: 'Payer.' },
      { name: 'cost', type: 'decimal(18,2)', description: 'Cost.', reports: ['Page · Cost', 'Page · Rate'] },
      { name: 'seen_at', type: 'timestamp', description: 'Time.', reports: ['Page · Time'] },
    ],
  });
  const column = (name: string, dataType: string, precision: number | null = null, scale: number | null = null) =>
    ({ name, dataType, precision, scale }) satisfies SourceColumn;
  const good = [column('payer_id', 'bigint'), column('Cost', 'decimal', 18, 2), column('seen_at', 'datetime2')];

  test('is none when every column is there with a type that fits, in any order and case', () => {
    expect(findViolations(contract, good.toReversed())).toEqual([]);
    expect(findViolations(contract, [column('payer_id', 'int'), column('cost', 'decimal', 9, 0), good[2]!])).toEqual(
      [],
    );
  });

  test.each<[string, SourceColumn[], string, string[]]>([
    ['a dropped column', [good[0]!, good[2]!], 'gold.payers.cost: the column is gone', ['Page · Cost', 'Page · Rate']],
    [
      'a float',
      [good[0]!, column('cost', 'float'), good[2]!],
      'gold.payers.cost: the column is float now',
      ['Page · Cost'],
    ],
    [
      'more digits after the point',
      [good[0]!, column('cost', 'decimal', 18, 4), good[2]!],
      'the column is decimal(18,4) now',
      ['Page · Rate'],
    ],
    [
      'more digits before it',
      [good[0]!, column('cost', 'decimal', 19, 2), good[2]!],
      'the column is decimal(19,2) now',
      ['Page · Rate'],
    ],
    [
      'a time that became text',
      [good[0]!, good[1]!, column('seen_at', 'varchar')],
      'the column is varchar now',
      ['Page · Time'],
    ],
    [
      'a table that is gone',
      [],
      'gold.payers: the table does not exist',
      ['Page · Cost', 'Page · Rate', 'Page · Time'],
    ],
  ])('names the report fields of %s', (_what, columns, where, fields) => {
    const error = contractError(findViolations(contract, columns));
    expect(error).toMatchObject({ code: 'MS5001', exitCode: 1, where: expect.stringContaining(where) });
    for (const field of fields) expect(error.why).toContain(field);
  });
});

describe('--select', () => {
  const names = (expression?: string) => selectContracts(contracts, expression).map(({ table }) => table);

  test('takes names, patterns, commas and spaces; nothing means all', () => {
    expect(names()).toEqual(contracts.map(({ table }) => table));
    expect(names('payer_*, silver.fact_encounter')).toEqual([
      'fact_encounter',
      'payer_coverage_summary',
      'payer_mix_month',
    ]);
  });

  test('refuses what names no table', () => {
    expect(() => names('payer_*,payers')).toThrow(expect.objectContaining({ code: 'MS5002', exitCode: 2 }));
  });
});
