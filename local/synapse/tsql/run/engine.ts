/** The engine of one session (contract.ts): batches, procedures, description of results, transactions. */
import {
  TSqlError,
  type EngineOptions,
  type IsolationLevel,
  type OutputValue,
  type RequestParameter,
  type RequestResult,
  type ResultColumn,
  type SqlType,
  type TSqlEngine,
} from '../../contract';
import { setDateOrder } from '../../catalog/date-order';
import { expr } from '../bind/expr';
import { Scope } from '../bind/scope';
import { firstSelect } from '../syntax/query';
import type { Statement } from '../syntax/ast-statements';
import { parseBatch } from '../syntax/statements';
import { convert } from '../types/convert';
import { duckType, INT, nvarchar, resolveType, SYSNAME } from '../types/sql-types';
import { ident, type Typed } from '../types/typed';
import { parseDeclaration, type Actual } from './arguments';
import { callProcedure } from './execute';
import { Flow, Interpreter } from './interpreter';
import { mapError } from './map-error';
import { splitName } from './metadata-functions';
import { State } from './state';
import { receiveTable, typedAs } from './table-values';
import { undeclaredParameters } from './undeclared-parameters';

/** Parsed batches by text: clients send the same ones again and again. */
const parsed = new Map<string, readonly Statement[]>();
function parseCached(sql: string, { surface, doubleQuotes }: State): readonly Statement[] {
  const key = `${surface}:${doubleQuotes}:${sql}`;
  const known = parsed.get(key);
  if (known) return known;
  const body = parseBatch(sql, surface, doubleQuotes);
  if (sql.length < 20_000) {
    if (parsed.size > 500) parsed.clear();
    parsed.set(key, body);
  }
  return body;
}

export class Engine implements TSqlEngine {
  readonly state: State;
  constructor(private readonly options: EngineOptions) {
    this.state = new State(options);
    this.state.describer = this;
  }
  get database(): string {
    return this.state.database;
  }
  get transactionCount(): number {
    return this.state.transactions;
  }

  async request(sql: string, parameters: readonly RequestParameter[] = []): Promise<RequestResult> {
    return this.perform(sql, async (i) => {
      const body = parseCached(sql, this.state);
      for (const p of parameters) {
        if (p.table) {
          await receiveTable(i, p.name, p.table);
          continue;
        }
        const type = typeOf(p);
        i.declareVariable(p.name, type);
        i.variable(p.name).value = await this.parameterValue(p, type);
      }
      let status = 0;
      try {
        await i.batch(body);
      } catch (failure) {
        if (!(failure instanceof Flow)) throw failure;
        status = failure.status;
      }
      const outputs: OutputValue[] = [];
      for (const p of parameters)
        if (p.output) outputs.push(await this.output(p.name, typeOf(p), i.variable(p.name).value));
      return { outputs, returnStatus: status };
    });
  }
  private async parameterValue(p: RequestParameter, type: SqlType): Promise<Typed> {
    if (p.isNull) return { sql: `CAST(NULL AS ${duckType(type)})`, type, nullable: true };
    const text = /^(?:CAST\()?'((?:[^']|'')*)'(?: AS VARCHAR\))?$/.exec(p.sql)?.[1];
    const isText = ['char', 'varchar', 'nchar', 'nvarchar'].includes(type.name);
    if (isText && text !== undefined) return { sql: p.sql, type, nullable: false, literal: text.replaceAll("''", "'") };
    if (isText) return this.state.evaluate({ sql: p.sql, type, nullable: false }, type);
    return p.sent
      ? this.state.evaluate(convert({ sql: p.sql, type: p.sent, nullable: false }, type), type)
      : { sql: p.sql, type, nullable: false };
  }
  private async output(name: string, type: SqlType, value: Typed): Promise<OutputValue> {
    const rows = await this.state.rows(`SELECT ${value.sql}`);
    return { name, type, value: rows[0]?.[0] ?? null };
  }

  async call(procedure: string, parameters: readonly RequestParameter[]): Promise<RequestResult> {
    return this.perform(`EXEC ${procedure}`, async (i) => {
      const outputs: OutputValue[] = [];
      const args: Actual[] = [];
      const pending: (() => Promise<unknown>)[] = [];
      for (const [n, p] of parameters.entries()) {
        const named = p.name ? { name: p.name } : {};
        if (p.table) {
          const table = await receiveTable(i, p.name || `@table${n}`, typedAs(i, procedure, p.name, n, p.table));
          args.push({ ...named, value: undefined, table });
          continue;
        }
        const type = typeOf(p);
        const value = await this.parameterValue(p, type);
        let last = value;
        args.push({
          ...named,
          value: p.useDefault ? undefined : value,
          ...(p.output ? { output: (v: Typed) => (last = v) } : {}),
        });
        if (p.output) pending.push(async () => outputs.push(await this.output(p.name, type, convert(last, type))));
      }
      let returnStatus = 0;
      try {
        returnStatus = await callProcedure(i, splitName(procedure), args);
      } catch (failure) {
        if (!(failure instanceof Flow)) throw failure;
      }
      for (const read of pending) await read();
      return { outputs, returnStatus };
    });
  }

  /** Runs `action` as a request: fresh variables, an entry in the log, mapped errors, a doomed transaction rolled back. */
  private async perform(text: string, action: (i: Interpreter) => Promise<RequestResult>): Promise<RequestResult> {
    const { state } = this;
    state.frames = [{ variables: new Map(), procedure: '' }];
    state.label = undefined;
    state.errors = [];
    state.tries = 0;
    state.owner = 0;
    state.files.clear();
    const entry = state.catalog.log.begin(
      state.session.spid,
      text,
      /\blabel\s*=\s*N?'((?:[^']|'')*)'/i.exec(text)?.[1],
    );
    const started = performance.now();
    try {
      const result = await action(new Interpreter(state, text));
      state.catalog.log.end(entry, state.sink.cancelled() ? 'Cancelled' : 'Completed', started);
      return result;
    } catch (failure) {
      const error = mapError(failure);
      state.lastError = error.number;
      state.catalog.log.end(entry, 'Failed', started, error.message);
      throw error;
    } finally {
      for (const frame of state.frames) await state.dropTableVariables(frame);
      if (state.doomed && state.transactions > 0) await state.rollback();
    }
  }

  async describe(sql: string, declaration: string): Promise<readonly ResultColumn[] | undefined> {
    const { state } = this;
    const body = parseCached(sql, state);
    state.frames.push({ variables: new Map(), procedure: '' });
    try {
      const i = new Interpreter(state, sql);
      for (const p of declaration ? parseDeclaration(declaration, 'server') : [])
        i.declareVariable(p.name, resolveType(p.type));
      return await this.firstResult(i, body);
    } finally {
      state.frames.pop();
    }
  }
  private async firstResult(i: Interpreter, body: readonly Statement[]): Promise<readonly ResultColumn[] | undefined> {
    for (const s of body) {
      if (s.kind === 'declare') for (const v of s.variables) i.declareVariable(v.name, resolveType(v.type));
      if (s.kind === 'select') {
        const first = firstSelect(s.query);
        if (first?.into || first?.items.some((x) => x.kind === 'assign')) continue;
        const bound = await i.query(s.query);
        return bound.columns.map((c) => ({
          name: c.name,
          type: c.type,
          nullable: c.nullable,
          ...(c.identity ? { identity: true } : {}),
          ...(c.computed ? { computed: true } : {}),
        }));
      }
      const inner =
        s.kind === 'block'
          ? s.body
          : s.kind === 'if'
            ? [s.yes, ...(s.otherwise ? [s.otherwise] : [])]
            : s.kind === 'try'
              ? s.body
              : [];
      const found = await this.firstResult(i, inner);
      if (found) return found;
    }
    return undefined;
  }

  undeclaredParameters(
    sql: string,
    declaration: string,
  ): Promise<readonly { readonly name: string; readonly type: SqlType }[]> {
    return undeclaredParameters(this.state, parseCached(sql, this.state), sql, declaration);
  }

  defaults(table: string): ReadonlyMap<string, string> {
    const columns = new Interpreter(this.state, '').env.object(splitName(table))?.columns ?? [];
    return new Map(columns.flatMap((c) => (c.default ? [[c.name.toLowerCase(), c.default.text] as const] : [])));
  }

  begin(isolation?: IsolationLevel): Promise<void> {
    if (isolation) this.state.options.set('ISOLATION', isolation);
    return this.state.begin(true);
  }
  commit(): Promise<void> {
    return this.state.commit();
  }
  async rollback(): Promise<void> {
    if (this.state.transactions > 0) await this.state.rollback();
  }
  async reset(keepTransaction: boolean): Promise<void> {
    const { state } = this;
    if (!keepTransaction) await this.rollback();
    for (const table of state.temp.values())
      await state.connection.run(`DROP TABLE IF EXISTS ${ident(table.name)}`).catch(() => undefined);
    state.temp.clear();
    state.users.length = 1;
    state.noCount = false;
    state.xactAbort = false;
    state.identityInsert = undefined;
    if (state.dateOrder !== 'mdy') await setDateOrder(state.connection, 'mdy');
    state.options.clear();
    state.rowCount = 0;
    state.lastError = 0;
    state.lastIdentity = undefined;
    state.batchIdentity = undefined;
    if (state.database !== this.options.database) await state.switchDatabase(this.options.database);
    state.database = this.options.database;
  }
  async close(): Promise<void> {
    await this.reset(false);
  }
}
/** The T-SQL type of a parameter; what is not known is text. */
function typeOf(p: RequestParameter): SqlType {
  if (p.type.name === 'text' || p.type.name === 'ntext' || p.type.name === 'xml' || p.type.name === 'sql_variant')
    return nvarchar(-1);
  if (p.type.name === 'image') return { name: 'varbinary', length: -1 };
  return p.type;
}
export { expr, INT, Scope, SYSNAME, TSqlError };
