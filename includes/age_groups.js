/** The age bands of the marts: the first age of each, and its name. */
const bands = [
  { from: 0, name: '0-17' },
  { from: 18, name: '18-34' },
  { from: 35, name: '35-49' },
  { from: 50, name: '50-64' },
  { from: 65, name: '65-79' },
  { from: 80, name: '80+' },
];

/** The band of an age; NULL for a missing one. */
const band = (age) =>
  `CASE ${[...bands]
    .reverse()
    .map(({ from, name }) => `WHEN ${age} >= ${from} THEN '${name}'`)
    .join(' ')} END`;

module.exports = { bands, band };
