const history = { run_id: 'varchar(64)', dataset: 'varchar(128)', row_count: 'bigint', measured_at: 'datetime2(3)' };
const columns = {
  dataset: 'varchar(128)',
  run_id: 'varchar(64)',
  row_count: 'bigint',
  rows_added: 'bigint',
  runs_compared: 'bigint',
  median_added: 'decimal(18,2)',
  mad_added: 'decimal(18,2)',
  robust_z: 'decimal(18,6)',
  is_anomaly: 'bit',
};
/** Row counts of the table after each run, oldest first, to what is said about the last run. */
const volume = (title, rowCounts, expected) =>
  test(`volume_anomaly: ${title}`)
    .dataset('volume_anomaly')
    .input(
      'volume_history',
      test_rows.select(
        history,
        ...rowCounts.map((row_count, at) => ({
          run_id: `r${at}`,
          dataset: 'silver.claims',
          row_count,
          measured_at: `2020-01-${String(at + 1).padStart(2, '0')}`,
        })),
      ),
    )
    .expect(
      test_rows.select(columns, {
        dataset: 'silver.claims',
        run_id: `r${rowCounts.length - 1}`,
        row_count: rowCounts[rowCounts.length - 1],
        is_anomaly: 0,
        ...expected,
      }),
    );

volume('the first run has nothing to be compared with', [1000], { runs_compared: 0 });
volume('fewer than five changes are no measure', [0, 100, 200, 5000], {
  rows_added: 4800,
  runs_compared: 2,
  median_added: '100.00',
  mad_added: '1.00',
});
volume('a usual change is none', [0, 90, 200, 300, 420, 520, 630], {
  rows_added: 110,
  runs_compared: 5,
  median_added: '100.00',
  mad_added: '10.00',
  robust_z: '0.6745',
});
volume('rows that vanish are', [0, 90, 200, 300, 420, 520, 0], {
  rows_added: -520,
  runs_compared: 5,
  median_added: '100.00',
  mad_added: '10.00',
  robust_z: '-41.819',
  is_anomaly: 1,
});
volume('a run without new data is none, and is not compared', [0, 90, 90, 200, 300, 420, 520, 520], {
  rows_added: 0,
  runs_compared: 5,
  median_added: '100.00',
  mad_added: '10.00',
});
