import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import path from 'node:path';
import { projectRoot } from '../../common/project-root';
import { compileProject } from '../../warehouse';
import { startWarehouse, type TestWarehouse } from '../support/warehouse';

type Row = Record<string, string | number | null>;
const include = createRequire(path.join(projectRoot, 'includes', 'test_rows.js'));
const rows = include('./test_rows.js') as {
  types: { fact_encounter: Record<string, string> };
  select(columns: Record<string, string>, ...rows: Row[]): string;
  encounters(...rows: Row[]): string;
};
const { rules, streamRules } = include('./data_rules.js') as {
  rules: { id: string; dataset: string; name: string; action: string; equals?: unknown }[];
  streamRules: { id: string; name: string; action: string }[];
};
const text = 'varchar(64)';
const key = 'bigint';
const goodEncounter = 1000;
const money = 'decimal(18,2)';

/** An encounter that keeps every rule; others say what is wrong with them. */
const good: Row = {
  patient_key: 1,
  organization_key: 1,
  provider_key: 1,
  payer_key: 1,
  total_claim_cost: '100.00',
  payer_coverage: '80.00',
  total_charges: '60.00',
  total_payments: '50.00',
  payer_payments: '40.00',
  patient_payments: '10.00',
};
/** Rows that break rules, and which. */
const badEncounters: [Row, string[]][] = [
  [{ encounter_key: goodEncounter }, ['D01']],
  [{ patient_key: null }, ['D02']],
  [{ payer_coverage: '100.01' }, ['D03']],
  [{ discharge_time: '2020-01-15T09:59:59' }, ['D04']],
  [{ age: 126 }, ['D05']],
  [{ age: null }, ['D05']],
  [{ department: 'kitchen' }, ['D06']],
  [{ payer_payments: '39.99' }, ['D07']],
  [{ admission_month: '2020-02-01' }, ['D08']],
  [{ admission_month: '2020-01-02' }, ['D08']],
  [{ admission_time: '2020-02-01T00:00:00', discharge_time: null }, ['D08', 'D14']],
  [{ is_insured: 0 }, ['D09']],
  [{ organization_key: null }, ['D10']],
  [{ provider_key: null }, ['D11']],
  [{ payer_key: null }, ['D12']],
  [{ total_charges: '49.99' }, ['D13']],
];
const tables: Record<string, { columns: Record<string, string>; good: Row; bad: [Row, string[]][] }> = {
  'silver.dim_patient': {
    columns: { patient_key: key, birth_date: 'date', death_date: 'date', gender: text, zip: text },
    good: { patient_key: 1, birth_date: '1950-01-01', gender: 'F', zip: '01001' },
    bad: [
      [{}, ['D20']],
      [{ patient_key: 2, birth_date: null }, ['D21']],
      [{ patient_key: 3, gender: null }, ['D22']],
      [{ patient_key: 4, death_date: '1949-12-31' }, ['D23']],
      [{ patient_key: 5, zip: null }, ['D24']],
    ],
  },
  'silver.dim_organization': {
    columns: { organization_key: key, organization_name: text },
    good: { organization_key: 1, organization_name: 'General' },
    bad: [
      [{}, ['D30']],
      [{ organization_key: 2, organization_name: null }, ['D31']],
    ],
  },
  'silver.dim_payer': {
    columns: { payer_key: key, payer_name: text },
    good: { payer_key: 1, payer_name: 'Medicare' },
    bad: [
      [{}, ['D40']],
      [{ payer_key: 2, payer_name: null }, ['D41']],
    ],
  },
  'silver.claims': {
    columns: { claim_key: key, encounter_key: key },
    good: { claim_key: 1, encounter_key: goodEncounter },
    bad: [
      [{}, ['D50']],
      [{ claim_key: 2, encounter_key: -1 }, ['D51']],
      [{ claim_key: 3, encounter_key: null }, ['D51']],
      [{ claim_key: null }, []],
      [{ claim_key: null }, ['D50']],
    ],
  },
  'silver.claims_transactions': {
    columns: { transaction_key: key, claim_key: key, transaction_type: text, payments: money },
    good: { transaction_key: 1, claim_key: 1, transaction_type: 'PAYMENT', payments: '50.00' },
    bad: [
      [{}, ['D60']],
      [{ transaction_key: 2, transaction_type: 'GIFT' }, ['D61']],
      [{ transaction_key: 3, payments: '-0.01' }, ['D62']],
      [{ transaction_key: 4, claim_key: -1 }, ['D63']],
    ],
  },
  'silver.conditions': {
    columns: { start_date: 'date', stop_date: 'date' },
    good: { start_date: '2020-01-02', stop_date: '2020-01-02' },
    bad: [[{ stop_date: '2020-01-01' }, ['D70']]],
  },
};
const martColumns = {
  encounter_count: 'bigint',
  total_claim_cost: money,
  total_payer_coverage: money,
  total_payments: money,
};
const totals = {
  encounter_count: 1,
  total_claim_cost: '100.00',
  total_payer_coverage: '80.00',
  total_payments: '50.00',
};
const marts = [
  'encounters_by_department',
  'encounters_by_org_month',
  'payer_coverage_summary',
  'encounters_by_department_demographics',
  'payer_mix_month',
];

describe('The rules of includes/data_rules.js', () => {
  let warehouse: TestWarehouse;
  const add = (name: string, select: string): Promise<unknown[]> => warehouse.query(`INSERT INTO ${name} ${select}`);
  /** A table in which every column may be NULL. */
  const createEmpty = (name: string, columns: Record<string, string>): Promise<unknown[]> => {
    const list = Object.entries(columns).map(([column, type]) => `${column} ${type} NULL`);
    return warehouse.query(`CREATE TABLE ${name} (${list.join(', ')}) WITH (DISTRIBUTION = ROUND_ROBIN, HEAP)`);
  };
  const create = async (name: string, columns: Record<string, string>, row: Row): Promise<void> => {
    await createEmpty(name, columns);
    await add(name, rows.select(columns, row));
  };
  const check = compileProject({ projectDir: projectRoot }).graph.actions.get('quality.data_quality_checks')!;
  const failed = async (): Promise<Record<string, number>> => {
    const query = 'query' in check ? check.query : '';
    const found = await warehouse.query<{ rule_id: string; rows_checked: string; rows_failed: string }>(query);
    expect(found.map(({ rule_id: id }) => id).sort()).toEqual(rules.map(({ id }) => id).sort());
    expect(found.filter(({ rows_checked: count }) => count === '0')).toEqual([]);
    return Object.fromEntries(found.map(({ rule_id: id, rows_failed: count }) => [id, Number(count)]));
  };
  const outcomes = { fate: text, reason_codes: 'varchar(400)', dq_flags: 'varchar(400)' };

  beforeAll(async () => {
    warehouse = await startWarehouse();
    for (const schema of ['silver', 'gold']) await warehouse.query(`CREATE SCHEMA ${schema}`);
    await createEmpty('silver.fact_encounter', rows.types.fact_encounter);
    await add('silver.fact_encounter', rows.encounters({ ...good, encounter_key: goodEncounter }));
    await create('silver.encounters_clean', { total_claim_cost: money }, { total_claim_cost: '100.00' });
    await create('silver.encounter_event_outcomes', outcomes, { fate: 'accepted', reason_codes: '', dq_flags: '' });
    for (const [name, { columns, good: row }] of Object.entries(tables)) await create(name, columns, row);
    for (const mart of marts) await create(`gold.${mart}`, martColumns, totals);
  });
  afterAll(() => warehouse.stop());

  test('hold for good rows', async () => {
    expect(Object.entries(await failed()).filter(([, count]) => count !== 0)).toEqual([]);
  });

  test('count exactly the rows that break them', async () => {
    const expected = new Map(rules.map(({ id, equals }) => [id, equals ? 1 : 0]));
    const broken = (ids: readonly string[]): void => ids.forEach((id) => expected.set(id, expected.get(id)! + 1));
    await add('silver.fact_encounter', rows.encounters(...badEncounters.map(([row]) => ({ ...good, ...row }))));
    badEncounters.forEach(([, ids]) => broken(ids));
    for (const [name, { columns, good: row, bad }] of Object.entries(tables)) {
      await add(name, rows.select(columns, ...bad.map(([change]) => ({ ...row, ...change }))));
      bad.forEach(([, ids]) => broken(ids));
    }
    await add(
      'silver.encounter_event_outcomes',
      rows.select(
        outcomes,
        { fate: 'superseded', reason_codes: 'newer_version', dq_flags: '' },
        ...streamRules.map(({ name, action }) =>
          action === 'quarantine'
            ? { fate: 'quarantined', reason_codes: `other,${name}`, dq_flags: '' }
            : { fate: 'accepted', reason_codes: '', dq_flags: `${name},other` },
        ),
      ),
    );
    broken(streamRules.map(({ id }) => id));
    expect(await failed()).toEqual(Object.fromEntries(expected));
  });

  test('rule_history takes every rule from one place: those of silver were counted before', () => {
    const { actions } = compileProject({ projectDir: projectRoot }).graph;
    const counted = (name: string): string[] => {
      const action = actions.get(`quality.${name}`)!;
      const sql = 'query' in action ? action.query : 'queries' in action ? action.queries.at(-1)! : '';
      const ofRows = [...sql.matchAll(/WHEN '([A-Z]\d+)' THEN c\./g)].map(([, id]) => id!);
      const alone = [
        ...sql.matchAll(/SELECT '([A-Z]\d+)' AS rule_id, (?:c\.rows_checked, c\.rows_checked -|COUNT_BIG|CAST\(1)/g),
      ];
      return [...ofRows, ...alone.map(([, id]) => id!)].sort();
    };
    const all = rules.map(({ id }) => id).sort();
    const transactions = rules.filter(({ dataset }) => dataset === 'silver.claims_transactions').map(({ id }) => id);
    const marts = rules.filter(({ dataset }) => dataset.startsWith('gold.')).map(({ id }) => id);
    expect(counted('data_quality_checks')).toEqual(all);
    expect(counted('transaction_checks')).toEqual(transactions.sort());
    expect(counted('rule_history')).toEqual(marts.sort());
    expect(['rule_history', 'transaction_checks', 'silver_checks'].flatMap(counted).sort()).toEqual(all);
  });
});
