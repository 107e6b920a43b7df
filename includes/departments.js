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
module.exports = { rows, names };
