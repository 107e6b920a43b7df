const ledger = {
  table_name: 'varchar(128)',
  status: 'varchar(16)',
  load_finished_at: 'datetime2(3)',
  copied_at: 'datetime2(3)',
};
const columns = {
  dataset: 'varchar(140)',
  newest_event_at: 'datetime2(3)',
  newest_load_at: 'datetime2(3)',
  lag_seconds: 'bigint',
};
const freshness = (title, loads, expected) =>
  test(`pipeline_freshness: ${title}`)
    .dataset('pipeline_freshness')
    .input(['bronze', 'load_ledger'], test_rows.select(ledger, ...loads))
    .input('encounters_clean', test_rows.select({ event_time: 'datetime2(3)' }, { event_time: '2020-01-01T00:00:00' }))
    .expect(test_rows.select(columns, expected));

freshness(
  'the newest load of a batch table; a failed copy is none',
  [
    {
      table_name: 'claims',
      status: 'copied',
      load_finished_at: '2020-02-01T00:00:00',
      copied_at: '2020-02-01T00:01:00',
    },
    {
      table_name: 'claims',
      status: 'copied',
      load_finished_at: '2020-02-02T00:00:00',
      copied_at: '2020-02-02T00:00:05',
    },
    {
      table_name: 'claims',
      status: 'failed',
      load_finished_at: '2020-02-03T00:00:00',
      copied_at: '2020-02-03T00:00:05',
    },
  ],
  {
    dataset: 'bronze.claims',
    newest_event_at: '2020-02-02T00:00:00',
    newest_load_at: '2020-02-02T00:00:05',
    lag_seconds: 5,
  },
);
freshness(
  'of the stream the newest event counts',
  [
    {
      table_name: 'encounters_raw',
      status: 'copied',
      load_finished_at: '2020-01-02',
      copied_at: '2020-01-03T00:00:00',
    },
  ],
  {
    dataset: 'bronze.encounters_raw',
    newest_event_at: '2020-01-01T00:00:00',
    newest_load_at: '2020-01-03T00:00:00',
    lag_seconds: 172800,
  },
);
