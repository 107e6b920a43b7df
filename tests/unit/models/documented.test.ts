import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../../common/project-root';
import { readContracts } from '../../../exports/contract';
import { compileProject } from '../../../warehouse';

interface Described {
  target: { schema?: string; name: string };
  tags?: string[];
  actionDescriptor?: { description?: string; columns?: { path?: string[]; description?: string }[] };
  sqlDataWarehouse?: { distribution?: string };
  enumType?: string;
}

const { compiled } = compileProject({ projectDir: projectRoot });
const models = (compiled.tables ?? []) as unknown as Described[];
const nameOf = ({ target }: Described): string => `${target.schema}.${target.name}`;
const columnsOf = (model: Described): string[] =>
  (model.actionDescriptor?.columns ?? []).map(({ path }) => path?.join('.') ?? '');

describe('Models', () => {
  test('each says what it is, its grain where it is a table, and what every column means', () => {
    expect(models.length).toBeGreaterThan(50);
    for (const model of models) {
      const description = model.actionDescriptor?.description ?? '';
      expect([nameOf(model), description.length > 20]).toEqual([nameOf(model), true]);
      if (model.target.schema !== 'dbo')
        expect([nameOf(model), description]).toEqual([nameOf(model), expect.stringContaining('Grain: ')]);
      const silent = (model.actionDescriptor?.columns ?? []).filter((column) => !column.description);
      expect([nameOf(model), columnsOf(model).length > 0, silent]).toEqual([nameOf(model), true, []]);
    }
  });

  test('each has tags, and each table a physical design', () => {
    for (const model of models) {
      expect([nameOf(model), (model.tags ?? []).length > 0]).toEqual([nameOf(model), true]);
      if (model.enumType !== 'VIEW')
        expect([nameOf(model), model.sqlDataWarehouse?.distribution]).toEqual([nameOf(model), expect.any(String)]);
    }
  });

  test('each table of gold has a grain that is proven unique, and a reader view with its columns', () => {
    const gold = models.filter(({ target }) => target.schema === 'gold');
    expect(gold.length).toBeGreaterThan(12);
    const assertions = new Set((compiled.assertions ?? []).map(({ target }) => target.name));
    for (const model of gold) {
      expect(assertions).toContain(`gold_${model.target.name}_assertions_uniqueKey_0`);
      const view = models.find((one) => nameOf(one) === `dbo.vw_${model.target.name}`)!;
      expect(columnsOf(view)).toEqual(columnsOf(model));
    }
  });

  test('exported columns are documented columns of the model that is exported', () => {
    const contracts = readContracts();
    expect(contracts.length).toBeGreaterThan(12);
    for (const { source, columns } of contracts) {
      const model = models.find((one) => nameOf(one) === source)!;
      const known = columnsOf(model);
      expect([source, columns.map(({ name }) => name).filter((name) => !known.includes(name))]).toEqual([source, []]);
    }
  });
});
