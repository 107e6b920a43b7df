/**
 * The departments (Synthea's encounter classes) and their attributes over time. A change of an attribute closes the row
 * (`valid_to`) and adds one with the same name and `valid_from` = that `valid_to`: dim_department_history shows both.
 * Times are UTC; null = open.
 */
const rows = [
  department('wellness', 'Wellness', 'outpatient', false),
  department('ambulatory', 'Ambulatory', 'outpatient', false),
  department('outpatient', 'Outpatient', 'outpatient', false),
  department('inpatient', 'Inpatient', 'inpatient', true),
  department('emergency', 'Emergency', 'emergency', false),
  department('urgentcare', 'Urgent care', 'emergency', false),
  department('hospice', 'Hospice', 'post-acute', true),
  department('home', 'Home care', 'post-acute', false),
  department('snf', 'Skilled nursing facility', 'post-acute', true),
  department('virtual', 'Virtual', 'outpatient', false),
];

function department(name, title, care_setting, is_overnight) {
  return { name, title, care_setting, is_overnight, valid_from: '1900-01-01T00:00:00', valid_to: null };
}

const names = [...new Set(rows.map((row) => row.name))];

const text = (value) => (value === null ? 'NULL' : `'${value}'`);
/** The rows as a query, one SELECT each: a dedicated pool has no VALUES of several rows. */
const select = () =>
  rows
    .map(
      (row) =>
        `SELECT CAST(${text(row.name)} AS varchar(32)) AS department, CAST(${text(row.title)} AS varchar(64)) AS department_title, CAST(${text(row.care_setting)} AS varchar(32)) AS care_setting, CAST(${Number(row.is_overnight)} AS bit) AS is_overnight, CAST(${text(row.valid_from)} AS datetime2(3)) AS valid_from, CAST(${text(row.valid_to)} AS datetime2(3)) AS valid_to`,
    )
    .join('\n  UNION ALL\n  ');

module.exports = { rows, names, select };
