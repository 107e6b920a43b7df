import { tokenize, type Token } from '../../local/synapse/tsql/syntax/tokens';

/** A construct that a Synapse dedicated SQL pool lacks (or that one of the two runners cannot send), and where that is written. */
export interface PoolRule {
  readonly id: string;
  readonly construct: string;
  /** Documentation page. */
  readonly page: string;
  /** True where the construct begins at this token. */
  readonly beginsAt: (tokens: readonly Token[], at: number) => boolean;
}

export interface PoolFinding {
  readonly rule: PoolRule;
  /** 1-based line in the SQL. */
  readonly line: number;
}

const learn = 'https://learn.microsoft.com';
const features = `${learn}/azure/synapse-analytics/sql/overview-features`;
const tables = `${learn}/azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-tables-overview#unsupported-table-features`;
const functionPage = (name: string): string =>
  `${learn}/sql/t-sql/functions/${name.toLowerCase().replaceAll('_', '-')}-transact-sql`;

const words =
  (...wanted: string[]) =>
  (tokens: readonly Token[], at: number): boolean =>
    wanted.every((word, offset) => tokens[at + offset]?.upper === word);
const called =
  (name: string) =>
  (tokens: readonly Token[], at: number): boolean =>
    tokens[at]?.upper === name && tokens[at + 1]?.upper === '(' && tokens[at - 1]?.upper !== '.';
const any =
  (...rules: PoolRule['beginsAt'][]): PoolRule['beginsAt'] =>
  (tokens, at) =>
    rules.some((rule) => rule(tokens, at));

/** Functions that a dedicated pool does not have. */
const missingFunctions = [
  'TRANSLATE',
  'CHOOSE',
  'PARSE',
  'TRY_PARSE',
  'CHECKSUM_AGG',
  'GROUPING_ID',
  'GREATEST',
  'LEAST',
  'GENERATE_SERIES',
  'DATETRUNC',
  'DATE_BUCKET',
];

/** Index of the parenthesis that closes the one at `open`. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]!.upper === '(') depth++;
    if (tokens[at]!.upper === ')' && --depth === 0) return at;
  }
  return tokens.length;
}

function depthAt(tokens: readonly Token[], at: number): number {
  return tokens.slice(0, at).reduce((depth, { upper }) => depth + (upper === '(' ? 1 : upper === ')' ? -1 : 0), 0);
}

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';

/** `WITH name AS (` or `WITH name (columns) AS (`: a common table expression, not an option list. */
function isCte(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]!.upper !== 'WITH' || !isName(tokens[at + 1])) return false;
  const next = tokens[at + 2]?.upper === '(' ? closing(tokens, at + 2) + 1 : at + 2;
  return tokens[next]?.upper === 'AS' && tokens[next + 1]?.upper === '(';
}

function isOrdinalGroup(tokens: readonly Token[], at: number): boolean {
  if (!words('GROUP', 'BY')(tokens, at)) return false;
  for (let next = at + 2; next < tokens.length; next++) {
    const { kind, upper } = tokens[next]!;
    const alone =
      ['BY', ','].includes(tokens[next - 1]!.upper) &&
      !['(', '.', '+', '-', '*', '/'].includes(tokens[next + 1]!.upper);
    if (kind === 'integer' && alone) return true;
    if (upper === '(') next = closing(tokens, next);
    if (kind === 'end' || [')', ';', 'HAVING', 'ORDER', 'UNION', 'OPTION'].includes(upper)) return false;
  }
  return false;
}

/** A name of three parts where a table is meant. */
function isOtherDatabase(tokens: readonly Token[], at: number): boolean {
  if (!['FROM', 'JOIN', 'INTO', 'UPDATE'].includes(tokens[at]!.upper)) return false;
  const dot = (offset: number) => tokens[at + offset]?.upper === '.';
  return isName(tokens[at + 1]) && dot(2) && isName(tokens[at + 3]) && dot(4) && isName(tokens[at + 5]);
}

function isMultiRowValues(tokens: readonly Token[], at: number): boolean {
  if (!words('VALUES', '(')(tokens, at)) return false;
  const end = closing(tokens, at + 1);
  return tokens[end + 1]?.upper === ',' && tokens[end + 2]?.upper === '(';
}

/** PERCENTILE_CONT(…) WITHIN GROUP (…) without OVER. */
function isAggregatePercentile(tokens: readonly Token[], at: number): boolean {
  if (!any(called('PERCENTILE_CONT'), called('PERCENTILE_DISC'))(tokens, at)) return false;
  const within = closing(tokens, at + 1) + 1;
  return !words('WITHIN', 'GROUP', '(')(tokens, within) || tokens[closing(tokens, within + 2) + 1]?.upper !== 'OVER';
}

/** `CREATE TABLE t (…, c AS expression, …)`. */
function isComputedColumn(tokens: readonly Token[], at: number): boolean {
  if (!words('CREATE', 'TABLE')(tokens, at)) return false;
  let open = at + 2;
  while (isName(tokens[open]) || tokens[open]?.upper === '.') open++;
  if (tokens[open]?.upper !== '(') return false;
  const end = closing(tokens, open);
  return tokens.slice(open, end).some(({ upper }, offset) => {
    const here = open + offset;
    return upper === 'AS' && depthAt(tokens, here) === depthAt(tokens, open) + 1 && isName(tokens[here - 1]);
  });
}

export const poolRules: readonly PoolRule[] = [
  {
    id: 'P01',
    construct: 'a CTE inside of a query',
    page: `${learn}/sql/t-sql/queries/with-common-table-expression-transact-sql`,
    beginsAt: (tokens, at) => isCte(tokens, at) && depthAt(tokens, at) > 0,
  },
  {
    id: 'P02',
    construct: 'GROUP BY the number of a column',
    page: `${learn}/sql/t-sql/queries/select-group-by-transact-sql`,
    beginsAt: isOrdinalGroup,
  },
  {
    id: 'P03',
    construct: 'OFFSET … FETCH',
    page: `${learn}/sql/t-sql/queries/select-order-by-clause-transact-sql`,
    beginsAt: (tokens, at) =>
      tokens[at]!.upper === 'OFFSET' &&
      ['ROW', 'ROWS'].includes(tokens.slice(at + 1).find((t) => t.kind === 'word')?.upper ?? ''),
  },
  {
    id: 'P04',
    construct: 'FOR JSON, FOR XML',
    page: features,
    beginsAt: any(words('FOR', 'JSON'), words('FOR', 'XML')),
  },
  ...missingFunctions.map((name, index) => ({
    id: `P${10 + index}`,
    construct: `${name}()`,
    page: functionPage(name),
    beginsAt: called(name),
  })),
  {
    id: 'P30',
    construct: 'a table variable',
    page: features,
    beginsAt: (tokens, at) =>
      tokens[at]!.kind === 'variable' &&
      ['TABLE', 'AS'].includes(tokens[at + 1]?.upper ?? '') &&
      tokens.slice(at + 1, at + 3).some(({ upper }) => upper === 'TABLE'),
  },
  {
    id: 'P31',
    construct: 'USE',
    page: `${learn}/sql/t-sql/language-elements/use-transact-sql`,
    beginsAt: (tokens, at) =>
      tokens[at]!.upper === 'USE' && isName(tokens[at + 1]) && (at === 0 || tokens[at - 1]!.upper === ';'),
  },
  { id: 'P32', construct: 'a name of another database', page: features, beginsAt: isOtherDatabase },
  {
    id: 'P33',
    construct: 'a sequence',
    page: tables,
    beginsAt: any(words('CREATE', 'SEQUENCE'), words('NEXT', 'VALUE', 'FOR')),
  },
  { id: 'P34', construct: 'a computed column', page: tables, beginsAt: isComputedColumn },
  { id: 'P35', construct: 'a trigger', page: features, beginsAt: words('CREATE', 'TRIGGER') },
  { id: 'P36', construct: 'a synonym', page: tables, beginsAt: words('CREATE', 'SYNONYM') },
  {
    id: 'P37',
    construct: 'a percentile as an aggregate',
    page: functionPage('PERCENTILE_CONT'),
    beginsAt: isAggregatePercentile,
  },
  {
    id: 'P38',
    construct: 'VALUES of several rows',
    page: `${learn}/sql/t-sql/queries/table-value-constructor-transact-sql`,
    beginsAt: isMultiRowValues,
  },
];

/** What a dedicated pool would refuse in a text of T-SQL. Comments and string literals are not looked at. */
export function findPoolProblems(sql: string): PoolFinding[] {
  const tokens = tokenize(sql);
  return tokens.flatMap((token, at) =>
    poolRules.filter((rule) => rule.beginsAt(tokens, at)).map((rule) => ({ rule, line: token.line })),
  );
}
