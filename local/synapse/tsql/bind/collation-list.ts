/** sys.fn_helpcollations(): collations of a pool that is made today, with what each does. */
import { valuesSql } from '../../catalog/shape';
import { nvarchar } from '../types/sql-types';
import type { Binder } from './binder';
import type { Scope } from './scope';
import { add } from './sources';

const FAMILIES = ['Latin1_General', 'Latin1_General_100', 'SQL_Latin1_General_CP1'];
const RULES: readonly (readonly [string, string])[] = [
  ['CI_AS', 'case-insensitive, accent-sensitive, kanatype-insensitive, width-insensitive'],
  ['CI_AI', 'case-insensitive, accent-insensitive, kanatype-insensitive, width-insensitive'],
  ['CS_AS', 'case-sensitive, accent-sensitive, kanatype-insensitive, width-insensitive'],
];

export function bindCollationList(b: Binder, scope: Scope, alias: string): string {
  const rows = FAMILIES.flatMap((family) => {
    const title = family.replaceAll('_', '-').replace(/^SQL-|-CP1$/g, '');
    const sorted = RULES.map(([rule, text]) => [`${family}_${rule}`, `${title}, ${text} for Unicode Data`]);
    return family.startsWith('SQL_')
      ? sorted
      : [...sorted, [`${family}_BIN2`, `${title}, binary code point comparison sort`]];
  });
  const columns = [
    { name: 'name', type: nvarchar(128), nullable: false },
    { name: 'description', type: nvarchar(1000), nullable: false },
  ];
  return add(b, scope, valuesSql(rows, 2), columns, [alias]);
}
