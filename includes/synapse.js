/**
 * Extends SQLX `config` for a Synapse dedicated pool. Dataform loads every file of includes/ before definitions/, so
 * the wrapper is in place for the stock CLI and for our runner alike.
 *
 * `sqldatawarehouse: { distribution, index }`: core 2.x rejects the key in SQLX (core/session.ts:164-171), so it is
 *   taken out and set on the action. The core takes an index with HASH only; a trailing comment satisfies its pattern.
 * `uniqueKey` of an incremental table: core refuses it beside a distribution. Our runner merges by it (delete and insert in
 *   one transaction); the stock CLI only inserts, so for it the rows that are replaced are deleted in a pre-operation, which
 *   our runner leaves out (warehouse/graph/to-graph.ts). The query must give the same rows after that deletion.
 * Every table of schema `gold` gets a reader view `dbo.vw_<table>` with its documented columns, so that a mart is one file.
 * `smallCells: { flag, columns }`: in the reader view these columns are NULL where the flag is 1 (fewer than 11 people or
 *   encounters; CMS cell size suppression policy).
 */
const original = dataform.sqlxAction.bind(dataform);
const stockOnly = 'stock CLI only: merge by uniqueKey';
const compileError = dataform.compileError.bind(dataform);

dataform.compileError = (error, ...rest) => {
  if (!String(error).includes('Merging using unique keys for SQLDataWarehouse')) compileError(error, ...rest);
};

dataform.sqlxAction = (options) => {
  const { sqldatawarehouse, smallCells, ...config } = options.sqlxConfig;
  const before = dataform.actions.length;
  original({
    ...options,
    sqlxConfig: config,
    preOperationsContextable: config.uniqueKey ? stockMerge(options, config) : options.preOperationsContextable,
  });
  const added = dataform.actions.slice(before);
  if (sqldatawarehouse) {
    added
      .filter((action) => action.sqldatawarehouse)
      .forEach((action) => action.sqldatawarehouse({ distribution: physical(sqldatawarehouse) }));
  }
  if (config.schema === 'gold' && ['table', 'incremental', 'view'].includes(config.type))
    readerView(config, smallCells);
};

function stockMerge({ sqlContextable, preOperationsContextable }, { uniqueKey }) {
  return (ctx) => {
    const own = preOperationsContextable ? preOperationsContextable(ctx) : [];
    if (!ctx.incremental()) return own;
    const same = uniqueKey.map((key) => `n.${key} = ${ctx.self()}.${key}`).join(' AND ');
    const remove = `DELETE FROM ${ctx.self()}\nWHERE EXISTS (SELECT 1 FROM (${sqlContextable(ctx)[0]}) n WHERE ${same})`;
    return [...own, `-- ${stockOnly}\n${remove}`];
  };
}

function physical({ distribution = 'ROUND_ROBIN', index }) {
  const parts = [distribution, index].filter(Boolean).join(', ');
  return index && !/HASH\s*\(/i.test(parts) ? `${parts} /* not HASH(x) */` : parts;
}

function readerView(config, smallCells) {
  const hidden = new Set(smallCells ? smallCells.columns : []);
  const select = Object.keys(config.columns || {}).map((name) =>
    hidden.has(name)
      ? `CASE WHEN t.[${smallCells.flag}] = 1 THEN NULL ELSE t.[${name}] END AS [${name}]`
      : `t.[${name}]`,
  );
  dataform
    .publish(`vw_${config.name}`, {
      type: 'view',
      schema: 'dbo',
      tags: [...new Set([...[config.tags || []].flat(), 'reader'])],
      columns: config.columns,
      description: `For readers: ${config.description}`,
    })
    .query((ctx) => `SELECT\n  ${select.join(',\n  ')}\nFROM ${ctx.ref({ schema: 'gold', name: config.name })} t`);
}

module.exports = {};
