/**
 * The body of a landed line whose body is longer than the 4,000 characters that JSON_VALUE gives (a dedicated pool has no other
 * function for it). The line is as `land` writes it: `body` is the last name but for `body_base64`, and its text has the
 * escapes of JSON, of which those that a JSON document can have are undone. `\s` and `\q` are no escapes of JSON: they stand
 * for backslash and quotation mark until both are done.
 */
const escapes = [
  [String.raw`'\\'`, String.raw`'\s'`],
  [String.raw`'\"'`, String.raw`'\q'`],
  [String.raw`'\n'`, 'CHAR(10)'],
  [String.raw`'\r'`, 'CHAR(13)'],
  [String.raw`'\t'`, 'CHAR(9)'],
  [String.raw`'\q'`, `'"'`],
  [String.raw`'\s'`, String.raw`'\'`],
];

const beforeBody = `'"body":"'`;
const afterBody = `'","body_base64":"'`;

const of = (line) => {
  const start = `CHARINDEX(${beforeBody}, ${line}) + 8`;
  const end = `CASE WHEN CHARINDEX(${afterBody}, ${line}) > 0 THEN CHARINDEX(${afterBody}, ${line}) ELSE LEN(${line}) - 1 END`;
  const text = `SUBSTRING(${line}, ${start}, ${end} - (${start}))`;
  return escapes.reduce((sql, [from, to]) => `REPLACE(${sql}, ${from}, ${to})`, text);
};

module.exports = { of };
