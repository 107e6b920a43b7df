/**
 * De-identification by the HIPAA Safe Harbor method, 45 CFR 164.514(b)(2). Which columns are identifiers is said in
 * includes/columns.js; here is how the generalized ones become coarser.
 */

/**
 * Three-digit ZIP areas of 20,000 people or fewer, which become 000 (164.514(b)(2)(i)(B)): those of the 2000 Census, as the
 * HHS guidance of 26 November 2012 lists them, and those of the 2010 Census. The rule asks for the current census: extend the
 * list when one is published, take nothing out.
 */
const census2000 = '036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893';
const onlyIn2010 = '205 369';
const restrictedZip3 = `${census2000} ${onlyIn2010}`.split(' ');

/** The first three digits of a ZIP code, 000 in a restricted area, NULL for what is no ZIP code. */
const zip3 = (zip) =>
  `CASE WHEN LEFT(${zip}, 3) IN (${restrictedZip3.map((area) => `'${area}'`).join(', ')}) THEN '000' WHEN ${zip} LIKE '[0-9][0-9][0-9]%' THEN LEFT(${zip}, 3) END`;

/** Ages of 90 and more are one group, and no year tells of them (164.514(b)(2)(i)(C)). */
const bands = [
  [90, '90+'],
  [80, '80-89'],
  [65, '65-79'],
  [50, '50-64'],
  [35, '35-49'],
  [18, '18-34'],
  [0, '0-17'],
];
const ageBand = (age) => `CASE ${bands.map(([from, name]) => `WHEN ${age} >= ${from} THEN '${name}'`).join(' ')} END`;
const yearUnless90 = (date, age) => `CASE WHEN ${age} < 90 THEN YEAR(${date}) END`;

module.exports = { zip3, ageBand, yearUnless90, restrictedZip3 };
