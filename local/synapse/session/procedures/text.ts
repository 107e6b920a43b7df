import { TSqlError, type ProcedureArgument } from '../../contract';

/** A T-SQL nvarchar literal, or NULL. */
export const quote = (value: string | null): string => (value === null ? 'NULL' : `N'${value.replaceAll("'", "''")}'`);

/** An argument that must be given. Throws Msg 201. */
export function required(
  arguments_: Readonly<Record<string, ProcedureArgument>>,
  name: string,
  procedure: string,
): string {
  const value = arguments_[name];
  if (value === undefined || value === null) {
    throw new TSqlError(
      201,
      `Procedure or function '${procedure}' expects parameter '${name}', which was not supplied.`,
      4,
    );
  }
  return value;
}

/** `column LIKE pattern` for an argument; nothing for NULL. ODBC escapes wildcards by brackets, as LIKE does. */
export function like(column: string, pattern: ProcedureArgument | undefined, usePattern = true): string {
  if (pattern === undefined || pattern === null || pattern === '%') return '1 = 1';
  return usePattern ? `${column} LIKE ${quote(pattern)}` : `${column} = ${quote(pattern)}`;
}

/** A derived table of literal rows: SELECT ... UNION ALL SELECT ..., since a dedicated pool has no VALUES table. */
export function rowsOf(rows: readonly Readonly<Record<string, string>>[]): string {
  return rows
    .map((row) => {
      const cells = Object.entries(row).map(([name, value]) => `${value} AS [${name}]`);
      return `SELECT ${cells.join(', ')}`;
    })
    .join(' UNION ALL ');
}
