/**
 * Small cells: a count below this many people or encounters could point at a person, so shared tables do not show it
 * (CMS cell size suppression policy: no cell of 10 or less, https://resdac.org/articles/cms-cell-size-suppression-policy).
 * Gold marks such rows, so that totals still add up; reader views and exports leave the numbers out (includes/synapse.js).
 */
const threshold = 11;
/** 1 where the count is a small cell. */
const flag = (count) => `CAST(CASE WHEN ${count} < ${threshold} THEN 1 ELSE 0 END AS bit)`;

module.exports = { threshold, flag };
