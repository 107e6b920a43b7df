/** sys views of workload groups and classifiers: a pool's resource classes, and those that were made. */
import type { NamedOptions } from './model';
import { valuesSql } from './shape';
import type { ViewDefinition } from './system-views';

type Row = (string | number | boolean | null)[];
/** The groups that every pool has, each with a classifier for the role of its name: percent of the resources that a request gets. */
export const RESOURCE_CLASSES: readonly { readonly name: string; readonly percent: number }[] = [
  { name: 'smallrc', percent: 3 },
  { name: 'mediumrc', percent: 10 },
  { name: 'largerc', percent: 22 },
  { name: 'xlargerc', percent: 70 },
  ...[0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2].map((percent, n) => ({ name: `staticrc${n + 1}0`, percent })),
];
const MADE = "TIMESTAMP_MS '2020-01-01 00:00:00'";
const text = (x: NamedOptions, option: string): string | null => {
  const value = x.options[option];
  return typeof value === 'string' ? value : null;
};
const number = (x: NamedOptions, option: string, otherwise: number): number => Number(text(x, option) ?? otherwise);
/** Details of a classifier are those options that tell requests apart, in this order. */
const DETAILS = ['MEMBERNAME', 'WLM_LABEL', 'WLM_CONTEXT', 'START_TIME', 'END_TIME'];

export const WORKLOAD_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  'sys.workload_management_workload_groups': {
    columns:
      'group_id int!, name nvarchar(128)!, importance nvarchar(128)!, min_percentage_resource tinyint!, cap_percentage_resource tinyint!, request_min_resource_grant_percent decimal(5,2)!, request_max_resource_grant_percent decimal(5,2)!, query_execution_timeout_sec int!, query_wait_timeout_sec int!, create_time datetime!, modify_time datetime!',
    sql: ({ catalog }) => {
      const fixed = RESOURCE_CLASSES.map(
        ({ name, percent }, n): Row => [n + 1, name, 'normal', 0, 100, percent, percent, 0],
      );
      const made = [...catalog.snapshot.workloadGroups.values()].map((x): Row => {
        const least = number(x, 'REQUEST_MIN_RESOURCE_GRANT_PERCENT', 0.75);
        return [
          x.id,
          x.name,
          (text(x, 'IMPORTANCE') ?? 'normal').toLowerCase(),
          number(x, 'MIN_PERCENTAGE_RESOURCE', 0),
          number(x, 'CAP_PERCENTAGE_RESOURCE', 100),
          least,
          number(x, 'REQUEST_MAX_RESOURCE_GRANT_PERCENT', least),
          number(x, 'QUERY_EXECUTION_TIMEOUT_SEC', 0),
        ];
      });
      return `SELECT CAST(v.a AS INTEGER), v.b, v.c, CAST(v.d AS UTINYINT), CAST(v.e AS UTINYINT), CAST(v.f AS DECIMAL(5,2)), CAST(v.g AS DECIMAL(5,2)), CAST(v.h AS INTEGER), 0, ${MADE}, ${MADE}
        FROM (${valuesSql([...fixed, ...made], 8)}) AS v(a, b, c, d, e, f, g, h)`;
    },
  },
  'sys.workload_management_workload_classifiers': {
    columns:
      'classifier_id int!, group_name nvarchar(128)!, name nvarchar(128)!, importance nvarchar(128), create_time datetime!, modify_time datetime!, is_enabled bit!',
    sql: ({ catalog }) => {
      const fixed = RESOURCE_CLASSES.map(({ name }, n): Row => [n + 1, name, name, 'normal']);
      const made = [...catalog.snapshot.workloadClassifiers.values()].map(
        (x): Row => [x.id, text(x, 'WORKLOAD_GROUP'), x.name, (text(x, 'IMPORTANCE') ?? 'normal').toLowerCase()],
      );
      return `SELECT CAST(v.a AS INTEGER), v.b, v.c, v.d, ${MADE}, ${MADE}, true FROM (${valuesSql([...fixed, ...made], 4)}) AS v(a, b, c, d)`;
    },
  },
  'sys.workload_management_workload_classifier_details': {
    columns: 'classifier_id int!, classifier_type nvarchar(128)!, classifier_value nvarchar(128)!',
    sql: ({ catalog }) => {
      const fixed = RESOURCE_CLASSES.map(({ name }, n): Row => [n + 1, 'membername', name]);
      const made = [...catalog.snapshot.workloadClassifiers.values()].flatMap((x) =>
        DETAILS.flatMap((option): Row[] => {
          const value = text(x, option);
          return value === null ? [] : [[x.id, option.toLowerCase(), value]];
        }),
      );
      return valuesSql([...fixed, ...made], 3);
    },
  },
};
