/**
 * Which rows a dedicated pool would have to move for a query: joins want rows that match on one distribution, groups want their rows
 * on one. It knows distributions and numbers of rows, no predicates and no partial aggregates: the shape of a plan, not its fine points.
 */
import type { ObjectInfo } from '../../catalog/model';
import { DISTRIBUTIONS } from '../../catalog/row-spread';
import { hasAggregate } from '../bind/aggregate-walk';
import type { Expr, Name, Query, QueryBody, Select, Source } from '../syntax/ast';
import { typeText } from '../types/sql-types';
import { moveCost, type Operation } from './document';
import { conjuncts, joined, type PlanColumn, position, renamed, type Rowset, same, typeOf, width } from './rowset';

/** What planning asks of the catalog. */
export interface Facts {
  readonly database: string;
  /** A table, or a view; undefined for anything else in FROM. */
  object(name: Name): ObjectInfo | undefined;
  /** The query of a view. */
  view(object: ObjectInfo): Query;
  rows(object: ObjectInfo): number;
}
export class Planner {
  readonly operations: Operation[] = [];
  private readonly ctes: Map<string, Query>[] = [];
  private temporary = 0;
  private readonly open: {
    readonly name: string;
    readonly location: 'AllDistributions' | 'AllComputeNodes' | 'Control';
  }[] = [];

  constructor(
    private readonly facts: Facts,
    /** Names of columns that the statement has anywhere; undefined where it has a star. */
    private readonly names: ReadonlySet<string> | undefined,
  ) {}

  /** Plans a query; the operations that it needs before its rows can be read are in `operations`. */
  query(query: Query): Rowset {
    this.ctes.push(new Map(query.ctes.map((cte) => [cte.name.toLowerCase(), cte.query])));
    const rows = this.body(query.body);
    this.ctes.pop();
    return rows;
  }
  /** Where the rows of a query are read at last. */
  locationOf = (rows: Rowset): 'Control' | 'AllDistributions' =>
    rows.place === 'control' ? 'Control' : 'AllDistributions';
  /** Drops the tables that were made on the way. */
  dropTemporary(): void {
    for (const { name, location } of this.open.splice(0))
      this.operations.push({ kind: 'ON', permanent: false, location, sql: `DROP TABLE [tempdb].[dbo].[${name}]` });
  }
  /** Rows where `target` keeps its own: moved unless the distribution column's values are there already. */
  into(
    rows: Rowset,
    target: Pick<ObjectInfo, 'distribution' | 'hashColumns'>,
    /** What the columns of `rows` are called there. */ names: readonly string[] = rows.columns.map((c) => c.name),
  ): Rowset {
    const wanted = (target.hashColumns ?? []).map((name) =>
      names.findIndex((own) => own.toLowerCase() === name.toLowerCase()),
    );
    if (target.distribution === 'REPLICATE') return this.broadcast(rows);
    if (!wanted.length || wanted.includes(-1)) return rows.place === 'control' ? this.shuffle(rows, []) : rows;
    return rows.place === 'hash' && same(rows.hash, wanted) ? rows : this.shuffle(rows, wanted);
  }

  private body(body: QueryBody): Rowset {
    if (body.kind === 'nested') return this.query(body.query);
    if (body.kind === 'select') return this.select(body);
    const left = this.body(body.left);
    const right = this.body(body.right);
    const rows = left.rows + right.rows;
    if (body.op === 'union all') {
      const place = left.place === 'control' && right.place === 'control' ? 'control' : 'round robin';
      return {
        ...left,
        rows,
        place: left.place === 'hash' && right.place === 'hash' && same(left.hash, right.hash) ? 'hash' : place,
      };
    }
    // Equal rows must meet.
    const both = [left, right].map((side) =>
      side.place === 'hash' && side.hash.includes(0) ? side : this.shuffle(side, [0]),
    );
    return { ...both[0]!, rows };
  }

  private select(select: Select): Rowset {
    const conditions = conjuncts(select.where);
    const from = select.from
      .map((source) => this.source(source, conditions))
      .reduce<Rowset | undefined>((left, right) => (left ? this.join(left, right, conditions) : right), undefined);
    const input: Rowset = from ?? { place: 'control', hash: [], columns: [], rows: 1, from: '' };
    const keys = select.groupBy.flatMap((item) => (item.kind === 'expr' ? [item.expr] : item.sets.flat()));
    const isAggregated = select.items.some((item) => item.kind !== 'star' && hasAggregate(item.expr));
    if (!keys.length && isAggregated) {
      const sums = this.output(select, input);
      // Each distribution sends what it has added up.
      return input.place === 'control' ? sums : this.gather({ ...sums, rows: DISTRIBUTIONS });
    }
    const grouped = keys.length
      ? this.together(
          input,
          keys.map((key) => position(input, key)),
        )
      : input;
    const output = this.output(select, grouped);
    return select.distinct && !keys.length
      ? this.together(
          output,
          output.columns.map((_, n) => n),
        )
      : output;
  }
  /** Rows that are equal in the columns at `keys` (-1 for an expression) on one distribution. */
  private together(rows: Rowset, keys: readonly number[]): Rowset {
    if (rows.place === 'control' || rows.place === 'replicated') return rows;
    if (rows.place === 'hash' && rows.hash.every((column) => keys.includes(column))) return rows;
    return this.shuffle(rows, keys.filter((key) => key >= 0).slice(0, 1));
  }
  private output(select: Select, input: Rowset): Rowset {
    const columns: PlanColumn[] = [];
    const from: number[] = [];
    for (const item of select.items) {
      if (item.kind === 'star') {
        const wanted = item.qualifier.at(-1)?.toLowerCase();
        input.columns.forEach((column, n) => {
          if (wanted !== undefined && column.alias !== wanted) return;
          columns.push({ ...column, alias: '', sql: column.name });
          from.push(n);
        });
        continue;
      }
      const at = position(input, item.expr);
      const name =
        (item.kind === 'item' ? item.alias : undefined) ?? input.columns[at]?.name ?? `col${columns.length || ''}`;
      columns.push({ alias: '', name, sql: name, used: true, type: typeOf(input, item.expr) });
      from.push(at);
    }
    const hash = input.hash.map((column) => from.indexOf(column));
    const isLost = input.place === 'hash' && hash.includes(-1);
    return {
      place: isLost ? 'round robin' : input.place,
      hash: isLost ? [] : hash,
      columns,
      rows: input.rows,
      from: `(${select.text})`,
    };
  }

  private source(source: Source, conditions: readonly Expr[]): Rowset {
    switch (source.kind) {
      case 'table':
        return this.table(source.name, source.alias);
      case 'derived':
        return renamed(this.query(source.query), source.alias, source.columns);
      case 'join': {
        const left = this.source(source.left, conditions);
        const right = this.source(source.right, conditions);
        return this.join(left, right, [...conditions, ...conjuncts(source.on)]);
      }
      case 'pivot':
      case 'unpivot':
        return { ...this.source(source.source, conditions), place: 'round robin', hash: [] };
      default:
        return { place: 'control', hash: [], columns: [], rows: 1, from: '' };
    }
  }
  private table(name: Name, alias: string | undefined): Rowset {
    const exposed = alias ?? name.at(-1)!;
    const cte =
      name.length === 1
        ? this.ctes.findLast((scope) => scope.has(name[0]!.toLowerCase()))?.get(name[0]!.toLowerCase())
        : undefined;
    if (cte) return renamed(this.query(cte), exposed);
    const object = this.facts.object(name);
    if (!object) return { place: 'control', hash: [], columns: [], rows: 1, from: name.join('.') };
    if (object.kind === 'V' && !object.materialized) return renamed(this.query(this.facts.view(object)), exposed);
    const columns = object.columns.map(
      ({ name, type }): PlanColumn => ({
        alias: exposed.toLowerCase(),
        name,
        type,
        sql: name,
        used: this.names?.has(name.toLowerCase()) ?? true,
      }),
    );
    const hash = (object.hashColumns ?? []).map((wanted) =>
      columns.findIndex((c) => c.name.toLowerCase() === wanted.toLowerCase()),
    );
    const place = object.distribution === 'REPLICATE' ? 'replicated' : hash.length ? 'hash' : 'round robin';
    const from = `[${this.facts.database}].[${object.schema}].[${object.name}]`;
    return { place, hash, columns, rows: this.facts.rows(object), from };
  }

  private join(left: Rowset, right: Rowset, conditions: readonly Expr[]): Rowset {
    const pairs = conditions.flatMap((condition): [number, number][] => {
      if (condition.kind !== 'compare' || condition.op !== '=') return [];
      const [a, b] = [condition.left, condition.right];
      const straight: [number, number] = [position(left, a), position(right, b)];
      const crossed: [number, number] = [position(left, b), position(right, a)];
      return [straight, crossed].filter(([l, r]) => l >= 0 && r >= 0);
    });
    const meets = (l: Rowset, r: Rowset): boolean =>
      l.place === 'control' ||
      r.place === 'control' ||
      l.place === 'replicated' ||
      r.place === 'replicated' ||
      (l.place === 'hash' &&
        r.place === 'hash' &&
        l.hash.length === r.hash.length &&
        l.hash.every((column, n) => pairs.some(([a, b]) => a === column && b === r.hash[n])));
    if (meets(left, right)) return joined(left, right, pairs);
    const size = (rows: Rowset): number => rows.rows * width(rows);
    const plans: { cost: number; run: () => readonly [Rowset, Rowset] }[] = [
      { cost: moveCost('BROADCAST_MOVE', 1, size(left)), run: () => [this.broadcast(left), right] },
      { cost: moveCost('BROADCAST_MOVE', 1, size(right)), run: () => [left, this.broadcast(right)] },
    ];
    for (const [l, r] of pairs) {
      const stays = (rows: Rowset, column: number): boolean => rows.place === 'hash' && same(rows.hash, [column]);
      const cost = (stays(left, l) ? 0 : size(left)) + (stays(right, r) ? 0 : size(right));
      plans.push({
        cost: moveCost('SHUFFLE_MOVE', 1, cost),
        run: () => [
          stays(left, l) ? left : this.shuffle(left, [l]),
          stays(right, r) ? right : this.shuffle(right, [r]),
        ],
      });
    }
    const [a, b] = plans.reduce((best, plan) => (plan.cost < best.cost ? plan : best)).run();
    return joined(a, b, pairs);
  }

  private shuffle(rows: Rowset, keys: readonly number[]): Rowset {
    const names = keys.map((key) => rows.columns[key]!.name);
    const from = this.move('SHUFFLE_MOVE', rows, 'AllDistributions', names);
    return { ...rows, from, place: keys.length ? 'hash' : 'round robin', hash: keys };
  }
  private broadcast(rows: Rowset): Rowset {
    return { ...rows, from: this.move('BROADCAST_MOVE', rows, 'AllComputeNodes'), place: 'replicated', hash: [] };
  }
  private gather(rows: Rowset): Rowset {
    return { ...rows, from: this.move('PARTITION_MOVE', rows, 'Control'), place: 'control', hash: [] };
  }
  private move(
    kind: 'SHUFFLE_MOVE' | 'BROADCAST_MOVE' | 'PARTITION_MOVE',
    rows: Rowset,
    location: 'AllDistributions' | 'AllComputeNodes' | 'Control',
    shuffleColumns?: readonly string[],
  ): string {
    const id = `TEMP_ID_${++this.temporary}`;
    const used = rows.columns.filter((c) => c.used);
    const columns = used.map((c) => `[${c.sql}] ${typeText(c.type).toUpperCase()}`).join(', ');
    const list = used.map((c) => `[T1_1].[${c.sql}] AS [${c.sql}]`).join(',\n       ');
    this.operations.push(
      { kind: 'RND_ID', id },
      {
        kind: 'ON',
        permanent: false,
        location,
        sql: `CREATE TABLE [tempdb].[dbo].[${id}] (${columns}) WITH(DATA_COMPRESSION=PAGE);`,
      },
      {
        kind,
        rows: rows.rows,
        rowSize: width(rows),
        source: `SELECT ${list}\nFROM   ${rows.from} AS T1_1`,
        destination: id,
        ...(shuffleColumns ? { shuffleColumns } : {}),
      },
    );
    this.open.push({ name: id, location });
    return `[tempdb].[dbo].[${id}]`;
  }
}
