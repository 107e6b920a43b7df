/** A T-SQL text literal. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A T-SQL text literal, or NULL. */
export function textOrNull(value: string | null | undefined): string {
  return value === null || value === undefined ? 'NULL' : text(value);
}

/** A bracketed T-SQL name. */
export function name(value: string): string {
  return `[${value.replaceAll(']', ']]')}]`;
}
