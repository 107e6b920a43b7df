/** The age groups of facts and marts: whole years, both ends included; null = no upper end. */
const bands = [
  [0, 17],
  [18, 34],
  [35, 49],
  [50, 64],
  [65, 79],
  [80, null],
];
const nameOf = ([from, to]) => (to === null ? `${from}+` : `${from}-${to}`);
const names = bands.map(nameOf);
/** Age in whole years → name of its group; NULL where the age is not known. */
const of = (age) =>
  `CASE ${bands.map((band) => `WHEN ${age} ${band[1] === null ? `>= ${band[0]}` : `<= ${band[1]}`} THEN '${nameOf(band)}'`).join(' ')} END`;

module.exports = { bands, names, of };
