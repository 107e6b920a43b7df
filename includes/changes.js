/**
 * Whether two versions of a row differ, NULL being a value like others (a dedicated pool has no IS DISTINCT FROM). Texts are
 * compared byte by byte: by the collation, `Smith` would be `SMITH` and the change would be lost.
 */
const missing = { keys: '0', numbers: '-1', times: "'1800-01-01'", flags: '-1' };
const text = (column) => `ISNULL(${column}, '') COLLATE Latin1_General_BIN2`;
const other = (kind, column) =>
  kind === 'flags' ? `ISNULL(CAST(${column} AS int), -1)` : `ISNULL(${column}, ${missing[kind]})`;

/** @param columns names by kind: `{ keys, texts, numbers, times, flags }`; numbers are never negative */
const differ = (a, b, columns) =>
  `(${Object.entries(columns)
    .flatMap(([kind, names]) =>
      names.map((name) =>
        kind === 'texts'
          ? [text(`${a}.${name}`), text(`${b}.${name}`)]
          : [other(kind, `${a}.${name}`), other(kind, `${b}.${name}`)],
      ),
    )
    .map(([left, right]) => `${left} <> ${right}`)
    .join('\n  OR ')})`;

module.exports = { differ };
