/** Runs the statements of a batch one after the other. */
import { TSqlError, type Command, type SqlType } from '../../contract';
import type { ObjectInfo } from '../../catalog/model';
import { newBinder, type Binder, type BoundQuery } from '../bind/binder';
import { Pending } from '../bind/env';
import { condition, expr } from '../bind/expr';
import { applyMasks, maskedValue } from '../bind/masking';
import { bindQuery } from '../bind/query';
import { Scope } from '../bind/scope';
import { notSupported } from '../errors';
import type { Expr, Query, TypeName } from '../syntax/ast';
import type { Statement, StatementOf } from '../syntax/ast-statements';
import { convert } from '../types/convert';
import { INT, isString, MAX, nvarchar, resolveType } from '../types/sql-types';
import type { Typed } from '../types/typed';
import { declareTable, declareTableOf } from './create-table';
import { renameTogether } from './rename';
import { Environment } from './environment';
import { beginImplicitly } from './implicit-transaction';
import { mapError, nullRefused } from './map-error';
import { runStatement } from './statement';
import { type State } from './state';

/** The RENAME OBJECT statements that stand together from `at` on; none when the first is something else. */
function adjacentRenames(body: readonly Statement[], at: number): StatementOf<'rename'>[] {
  const renames: StatementOf<'rename'>[] = [];
  for (const statement of body.slice(at)) {
    if (statement.kind !== 'rename' || statement.column) break;
    renames.push(statement);
  }
  return renames;
}

/** Errors that know their line and procedure. */
const placed = new WeakSet<TSqlError>();

/** How many batches and modules deep errors arose. */
const foundAt = new WeakMap<TSqlError, number>();

/** How control leaves a statement other than at its end. */
export class Flow extends Error {
  constructor(
    readonly kind: 'break' | 'continue' | 'return' | 'cancel',
    readonly status = 0,
  ) {
    super(kind);
  }
}

/** Errors that end their statement only, where XACT_ABORT is OFF: arithmetic, constraints, names of DDL. */
const STATEMENT_ERRORS = new Set([
  201, 220, 512, 515, 544, 547, 1505, 2601, 2627, 2628, 2714, 2812, 3701, 3902, 3903, 8115, 8134, 8152,
]);
/** A batch goes on after RAISERROR; on SQL Server after many errors, where a pool ends it. */
const batchGoesOn = (state: State, s: Statement, error: TSqlError): boolean =>
  state.tries === 0 &&
  error.severity < 20 &&
  (s.kind === 'raiserror'
    ? error.number !== 18054
    : state.surface === 'server' && !state.xactAbort && !state.doomed && STATEMENT_ERRORS.has(error.number));

export class Interpreter {
  readonly env: Environment;
  constructor(
    readonly state: State,
    /** Text of the batch: modules are cut out of it. */ readonly source: string,
  ) {
    this.env = new Environment(state);
  }

  async batch(body: readonly Statement[]): Promise<void> {
    for (let at = 0; at < body.length; at++) {
      const renames = adjacentRenames(body, at);
      try {
        if (renames.length > 1) await this.statement(body[at]!, () => renameTogether(this, renames));
        else await this.statement(body[at]!);
      } catch (failure) {
        throw await this.lastOfCompilation(body.slice(at), failure);
      }
      at += Math.max(0, renames.length - 1);
    }
  }
  /** A batch is compiled whole: wrong columns in the SELECTs that follow are errors too, and the last one ends the batch. */
  private async lastOfCompilation(rest: readonly Statement[], failure: unknown): Promise<unknown> {
    const isColumn = (error: unknown): error is TSqlError => error instanceof TSqlError && error.number === 207;
    if (this.state.tries > 0 || !isColumn(failure)) return failure;
    let last = failure;
    for (const s of rest.slice(1)) {
      if (s.kind !== 'select') break;
      try {
        await this.query(s.query);
      } catch (next) {
        if (!isColumn(next)) break;
        this.state.sink.error(last);
        last = next;
      }
    }
    return last;
  }

  async statement(s: Statement, work = (): Promise<void> => runStatement(this, s)): Promise<void> {
    if (this.state.sink.cancelled()) throw new Flow('cancel');
    try {
      await beginImplicitly(this.state, s);
      await work();
      if (!['if', 'while', 'block', 'try', 'declare'].includes(s.kind)) this.state.lastError = 0;
    } catch (failure) {
      if (failure instanceof Flow) throw failure;
      const error = this.place(mapError(failure), s);
      // SQL Server rolls back when a table that is made is there already.
      if (s.kind === 'createTable' && error.number === 2714) await this.state.doom();
      if (!batchGoesOn(this.state, s, error)) throw error;
      this.state.lastError = error.number;
      this.state.sink.error(error);
    }
  }
  /** The innermost statement that fails gives the error its line and procedure. */
  private place(error: TSqlError, s: Statement): TSqlError {
    if (placed.has(error)) return error;
    const { number, message, state, severity } = error;
    const line = error.line > 1 ? error.line : s.span.line;
    const result = new TSqlError(number, message, state, severity, line, error.procedure || this.state.frame.procedure);
    placed.add(result);
    foundAt.set(result, this.state.frames.length);
    return result;
  }

  /** Translates; looks up what that needs and tries again. */
  async translate<T>(action: (b: Binder) => T): Promise<T> {
    for (;;) {
      try {
        return action(newBinder(this.env));
      } catch (failure) {
        if (!(failure instanceof Pending)) throw failure;
        await failure.load();
      }
    }
  }
  /** SET ROWCOUNT limits what a client reads; its other uses are on their way out of SQL Server. */
  refuseRowLimit(construct: string): void {
    if (this.state.rowLimit > 0) throw notSupported(`SET ROWCOUNT with ${construct}`);
  }
  done(command: Command, rows?: number): void {
    if (rows !== undefined) this.state.rowCount = rows;
    this.state.sink.done(command, this.state.noCount ? undefined : rows);
  }

  /** One changing statement, in the user's transaction or one of its own. Msg 515 tells the table that refuses a NULL. */
  async change(sql: string, table?: ObjectInfo, verb: 'INSERT' | 'UPDATE' = 'INSERT'): Promise<number> {
    return this.naming(table, verb, () => this.state.run(sql));
  }
  /** A change whose refusal of NULL names the table. */
  async naming<T>(table: ObjectInfo | undefined, verb: 'INSERT' | 'UPDATE', work: () => Promise<T>): Promise<T> {
    try {
      return await this.state.atomic(work);
    } catch (failure) {
      const error = mapError(failure);
      const column = error.number === 515 && table && /column '([^']*)'/.exec(error.message)?.[1];
      if (!column) throw failure;
      const database = table.temp ? 'tempdb' : this.env.database;
      throw nullRefused(column, `${database}.${table.schema}.${table.name}`, verb);
    }
  }

  async query(query: Query, sent = false): Promise<BoundQuery> {
    return this.translate((b) => applyMasks(b, bindQuery(b, query, undefined, { top: true, sent })));
  }

  // ---------------------------------------------------------------- variables and control
  variable(name: string): { readonly type: SqlType; value: Typed } {
    const found = this.state.frame.variables.get(name.toLowerCase());
    if (!found) throw new TSqlError(137, `Must declare the scalar variable "${name}".`, 1, 15);
    return found;
  }
  async declare(s: StatementOf<'declare'>): Promise<void> {
    for (const v of s.variables) {
      const key = v.name.toLowerCase();
      if (v.table) {
        await declareTable(this, v.name, v.table);
        continue;
      }
      const tableType = this.tableType(v.type);
      if (tableType) {
        await declareTableOf(this, v.name, tableType);
        continue;
      }
      const type = this.type(v.type, v.name);
      const known = this.state.frame.variables.get(key);
      if (!known) this.declareVariable(v.name, type);
      if (v.value) await this.assignVariable(v.name, v.value, type);
    }
  }
  /** A type as written: a system type, or an alias type of the database. */
  type(written: TypeName, variable?: string): SqlType {
    const own = written.args.length ? undefined : this.env.object([written.name]);
    if (own?.kind === 'TT') return own.alias ? resolveType(own.alias) : { name: 'sql_variant' };
    return resolveType(written, variable === undefined ? {} : { variable });
  }
  /** The table type of that name, if it is one. */
  tableType(written: TypeName): ObjectInfo | undefined {
    const own = written.args.length ? undefined : this.env.object([written.name]);
    return own?.kind === 'TT' && !own.alias ? own : undefined;
  }
  declareVariable(name: string, type: SqlType): void {
    const value = convert({ sql: 'NULL', type: INT, nullable: true, isNull: true }, type);
    this.state.frame.variables.set(name.toLowerCase(), { type, value: { sql: value.sql, type, nullable: true } });
  }
  async assignVariable(name: string, node: Expr, type: SqlType): Promise<void> {
    this.variable(name).value = await this.value(node, type);
  }
  /** The value of an expression as a constant of `type`. */
  async value(node: Expr, type: SqlType): Promise<Typed> {
    const made = await this.translate((b) => convert(maskedValue(expr(b, new Scope(undefined), node)), type));
    if (made.isNull) return { sql: made.sql, type, nullable: true };
    if (isString(type) && made.literal !== undefined && type.name.includes('var'))
      return { ...made, column: undefined, type };
    return this.state.evaluate(made, type);
  }
  async text(node: Expr): Promise<string | null> {
    return (await this.value(node, nvarchar(MAX))).literal ?? null;
  }
  async integer(node: Expr): Promise<number> {
    const value = await this.value(node, INT);
    return Number(/-?\d+/.exec(value.sql.replace('CAST(', ''))?.[0] ?? 0);
  }
  async test(node: Expr): Promise<boolean> {
    const sql = await this.translate((b) => condition(b, new Scope(undefined), node));
    // `IF OBJECT_ID('…') IS NULL`, which stands before most DDL, is known when it is translated.
    const known = /^\(CAST\((NULL|-?\d+) AS INTEGER\) IS (NOT )?NULL\)$/.exec(sql);
    if (known) return (known[1] === 'NULL') !== (known[2] !== undefined);
    const rows = await this.state.rows(`SELECT CASE WHEN ${sql} THEN 1 ELSE 0 END`);
    return Number(rows[0]?.[0] ?? 0) === 1;
  }
  async loop(s: StatementOf<'while'>): Promise<void> {
    while (await this.test(s.condition)) {
      try {
        await this.statement(s.body);
      } catch (failure) {
        if (failure instanceof Flow && failure.kind === 'break') return;
        if (!(failure instanceof Flow && failure.kind === 'continue')) throw failure;
      }
    }
  }
  async tryCatch(s: StatementOf<'try'>): Promise<void> {
    const { state } = this;
    const depth = state.frames.length;
    const users = state.users.length;
    state.tries++;
    try {
      await this.batch(s.body).finally(() => state.tries--);
    } catch (failure) {
      if (failure instanceof Flow) throw failure;
      state.frames.length = depth;
      state.users.length = users;
      const error = mapError(failure);
      // A name that is not there is found when the statement is compiled, which its own TRY does not catch.
      if (error.number === 208 && foundAt.get(error) === depth) throw error;
      state.errors.push(error);
      state.lastError = error.number;
      if (state.xactAbort) await state.doom();
      try {
        await this.batch(s.handler);
      } finally {
        state.errors.pop();
      }
    }
  }
}
