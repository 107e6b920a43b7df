/**
 * What stands in an expression, told by those who make its SQL while it is bound: who joins conditions must know which columns
 * they read, which of them fail on some values, and which keep such values out.
 */
export interface Observation {
  /** DuckDB's names of the columns that are read. */
  readonly columns: ReadonlySet<string>;
  /** Some values raise an error (no number, no JSON, division by zero). */
  readonly raises: boolean;
  /** ISJSON, ISNUMERIC or ISDATE is asked. */
  readonly asksForm: boolean;
}
interface Watch extends Observation {
  readonly columns: Set<string>;
  raises: boolean;
  asksForm: boolean;
}
/** Binding never waits, so one variable will do. */
let watch: Watch | undefined;

/** Binds something and tells what stands in it; whoever watches around it sees that too. */
export function observe<T>(bind: () => T): { readonly made: T; readonly seen: Observation } {
  const outer = watch;
  const own: Watch = { columns: new Set(), raises: false, asksForm: false };
  watch = own;
  try {
    return { made: bind(), seen: own };
  } finally {
    watch = outer;
    if (outer) {
      for (const column of own.columns) outer.columns.add(column);
      outer.raises ||= own.raises;
      outer.asksForm ||= own.asksForm;
    }
  }
}

/** SQL that raises an error for some values. */
export function raising(sql: string): string {
  if (watch) watch.raises = true;
  return sql;
}
/** SQL that asks whether a text has the form of a value. */
export function askingForm(sql: string): string {
  if (watch) watch.asksForm = true;
  return sql;
}
/** SQL of a column. */
export function reading(sql: string): string {
  watch?.columns.add(sql);
  return sql;
}
