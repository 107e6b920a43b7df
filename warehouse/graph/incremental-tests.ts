import type { Session } from './core';
import type { UnitTest } from './model';

type Resolvable = string | { database?: string; schema?: string; name: string };
type Contextable = string | ((context: object) => string);

interface SessionTable {
  proto: { target: { schema?: string; name: string }; enumType: number; uniqueKey?: string[]; fileName?: string };
  contextableQuery?: Contextable;
}

interface IncrementalTest {
  proto: { name: string; fileName?: string };
  datasetToTest?: Resolvable | string[];
  contextableInputs: Map<Resolvable, Contextable>;
  contextableQuery?: Contextable;
}

const incrementalType = 2; // dataform.TableType.INCREMENTAL

/**
 * Core refuses tests of incremental tables, so they are compiled here. A test that gives the table itself as an input runs
 * against those rows, as a run that adds to them (`incremental()` is true), and expects the table after the merge; without such
 * an input it expects the first build. `compile` is core's own compilation, which must not see these tests.
 */
export function compileIncrementalTests<T>(
  session: Session,
  compile: () => T,
): { result: T; incrementalTests: UnitTest[] } {
  const tables = ((session as unknown as { actions: SessionTable[] }).actions ?? []).filter(
    (action) => action.proto.enumType === incrementalType,
  );
  const waiting: [IncrementalTest, SessionTable][] = [];
  for (const [name, held] of Object.entries(session.tests)) {
    const test = held as unknown as IncrementalTest;
    const table = tables.find(({ proto }) => isSame(test.datasetToTest, proto.target));
    if (!table) continue;
    waiting.push([test, table]);
    delete session.tests[name];
  }
  const result = compile();
  const incrementalTests: UnitTest[] = [];
  for (const [test, table] of waiting) {
    try {
      incrementalTests.push(compileTest(test, table));
    } catch (error) {
      session.compileError(error, test.proto.fileName);
      const errors = (result as { graphErrors?: unknown }).graphErrors;
      if (!errors) throw error;
    }
  }
  return { result, incrementalTests };
}

function compileTest(test: IncrementalTest, table: SessionTable): UnitTest {
  const inputs = new Map([...test.contextableInputs].map(([key, value]) => [normal(key), value]));
  const adds = [...inputs].find(([key]) => isSame(JSON.parse(key) as Resolvable, table.proto.target));
  const plain = new TestQuery(inputs, false, '');
  const existing = adds && plain.apply(adds[1]);
  const query = new TestQuery(inputs, Boolean(existing), existing ? `(${existing})` : '');
  return {
    name: test.proto.name,
    file: test.proto.fileName ?? '',
    testQuery: query.apply(table.contextableQuery ?? ''),
    expectedQuery: plain.apply(test.contextableQuery ?? ''),
    existingQuery: existing,
    uniqueKey: table.proto.uniqueKey ?? [],
  };
}

/** What `ctx` is while the query under test is made: references are the inputs of the test. */
class TestQuery {
  constructor(
    private readonly inputs: ReadonlyMap<string, Contextable>,
    private readonly adds: boolean,
    private readonly existing: string,
  ) {}

  apply(contextable: Contextable): string {
    return typeof contextable === 'function' ? contextable(this) : contextable;
  }

  ref(first: Resolvable | string[], ...rest: string[]): string {
    const wanted = toTarget(Array.isArray(first) ? first : rest.length ? [first as string, ...rest] : first);
    for (const [key, contextable] of this.inputs) {
      const given = toTarget(JSON.parse(key) as Resolvable);
      if (given.name === wanted.name && (!given.schema || !wanted.schema || given.schema === wanted.schema))
        return `(${this.apply(contextable)})`;
    }
    throw new Error(
      `Input for dataset ${JSON.stringify(wanted.name)} has not been provided. Provided inputs: ${[...this.inputs.keys()].join(', ')}`,
    );
  }

  resolve(first: Resolvable | string[], ...rest: string[]): string {
    return this.ref(first, ...rest);
  }

  self(): string {
    return this.existing;
  }

  incremental(): boolean {
    return this.adds;
  }

  when(condition: boolean, yes: string, no = ''): string {
    return condition ? yes : no;
  }

  name(): string {
    return '';
  }

  schema(): string {
    return '';
  }

  database(): string {
    return '';
  }
}

function normal(key: Resolvable): string {
  return JSON.stringify(toTarget(key));
}

function toTarget(value: Resolvable | string[]): { schema?: string; name: string } {
  if (Array.isArray(value)) return { name: value.at(-1)!, schema: value.at(-2) };
  return typeof value === 'string' ? { name: value } : { name: value.name, schema: value.schema };
}

function isSame(value: Resolvable | string[] | undefined, target: { schema?: string; name: string }): boolean {
  if (!value) return false;
  const wanted = toTarget(value);
  return wanted.name === target.name && (!wanted.schema || wanted.schema === target.schema);
}
