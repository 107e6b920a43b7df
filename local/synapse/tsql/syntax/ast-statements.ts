/** Statements of the syntax tree. */
import type {
  ArithmeticOperator,
  Call,
  Cte,
  Expr,
  Name,
  Options,
  Query,
  QueryOption,
  SelectItem,
  Source,
  Top,
  TypeName,
} from './ast';

// ---------------------------------------------------------------- statements
export interface ColumnDefinition {
  readonly name: string;
  readonly type: TypeName;
  readonly nullable?: boolean;
  /** What was written twice. */
  readonly repeated?: 'NULL' | 'DEFAULT';
  readonly identity?: { readonly seed: number; readonly increment: number };
  readonly defaultName?: string;
  readonly default?: { readonly expr: Expr; readonly text: string };
  readonly mask?: string;
  readonly primaryKey?: boolean;
  readonly unique?: boolean;
  /** Name of the key's constraint. */
  readonly keyName?: string;
  /** The key of the column is checked (SQL Server's surface; a pool has none). */
  readonly enforced?: boolean;
  /** Conditions of CHECK constraints. */
  readonly checks?: readonly Expr[];
  /** A computed column: its expression. */
  readonly computed?: { readonly expr: Expr; readonly text: string };
}
export interface KeyConstraint {
  readonly kind: 'primary key' | 'unique';
  readonly enforced?: boolean;
  readonly name?: string;
  readonly columns: readonly string[];
  readonly clustered: boolean;
}
export interface TableOptions {
  readonly distribution: 'HASH' | 'ROUND_ROBIN' | 'REPLICATE';
  readonly hashColumns: readonly string[];
  readonly index: 'CLUSTERED COLUMNSTORE' | 'HEAP' | 'CLUSTERED';
  readonly indexColumns: readonly { readonly name: string; readonly descending: boolean }[];
  readonly partition?: { readonly column: string; readonly right: boolean; readonly values: readonly Expr[] };
  /** Whether each of them was written: CTAS requires DISTRIBUTION. */
  readonly explicitDistribution: boolean;
}
export interface Parameter {
  readonly name: string;
  readonly type: TypeName;
  readonly default?: Expr;
  readonly output: boolean;
  /** A table-valued parameter. */
  readonly readonly?: boolean;
}
export interface Argument {
  readonly name?: string;
  readonly value: Expr;
  readonly output: boolean;
}
export interface Assignment {
  readonly column: Name;
  readonly op?: ArithmeticOperator;
  readonly value: Expr;
}
export interface MergeClause {
  readonly when: 'matched' | 'not matched' | 'not matched by source';
  readonly condition?: Expr;
  readonly action:
    | { readonly kind: 'update'; readonly set: readonly Assignment[] }
    | { readonly kind: 'delete' }
    | { readonly kind: 'insert'; readonly columns?: readonly string[]; readonly values?: readonly Expr[] };
}
/** A place in the batch: `text` can be cut out of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}
export type InsertSource =
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expr[])[] }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'execute'; readonly execute: StatementOf<'execute'> }
  | { readonly kind: 'default values' };

export type StatementBody =
  | { readonly kind: 'select'; readonly query: Query }
  | {
      readonly kind: 'insert';
      readonly ctes: readonly Cte[];
      readonly table: Name;
      readonly columns?: readonly string[];
      readonly source: InsertSource;
      /** OUTPUT over the inserted rows (SQL Server's surface). */
      readonly output?: readonly SelectItem[];
      readonly option?: QueryOption;
    }
  | {
      readonly kind: 'update';
      readonly ctes: readonly Cte[];
      readonly top?: Top;
      readonly target: Name;
      readonly set: readonly Assignment[];
      readonly from: readonly Source[];
      readonly where?: Expr;
      readonly option?: QueryOption;
    }
  | {
      readonly kind: 'delete';
      readonly ctes: readonly Cte[];
      readonly top?: Top;
      readonly target: Name;
      readonly from: readonly Source[];
      readonly where?: Expr;
      readonly option?: QueryOption;
    }
  | {
      readonly kind: 'merge';
      readonly ctes: readonly Cte[];
      readonly target: Name;
      readonly alias?: string;
      readonly source: Source;
      readonly on: Expr;
      readonly clauses: readonly MergeClause[];
      readonly option?: QueryOption;
    }
  | { readonly kind: 'truncate'; readonly table: Name }
  | {
      readonly kind: 'declare';
      readonly variables: readonly {
        readonly name: string;
        readonly type: TypeName;
        readonly value?: Expr;
        /** Of a table variable. */
        readonly table?: {
          readonly columns: readonly ColumnDefinition[];
          readonly keys: readonly KeyConstraint[];
          readonly checks: readonly Expr[];
        };
      }[];
    }
  | { readonly kind: 'setVariable'; readonly name: string; readonly op?: ArithmeticOperator; readonly value: Expr }
  | { readonly kind: 'setOption'; readonly name: string; readonly value: string }
  | { readonly kind: 'if'; readonly condition: Expr; readonly yes: Statement; readonly otherwise?: Statement }
  | { readonly kind: 'while'; readonly condition: Expr; readonly body: Statement }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'try'; readonly body: readonly Statement[]; readonly handler: readonly Statement[] }
  | { readonly kind: 'throw'; readonly args?: readonly [Expr, Expr, Expr] }
  | { readonly kind: 'raiserror'; readonly args: readonly Expr[] }
  | { readonly kind: 'print'; readonly value: Expr }
  | { readonly kind: 'waitFor'; readonly until: boolean; readonly value: Expr }
  | { readonly kind: 'return'; readonly value?: Expr; readonly query?: Query }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'transaction'; readonly action: 'begin' | 'commit' | 'rollback' | 'save'; readonly name?: string }
  | {
      readonly kind: 'execute';
      readonly procedure?: Name;
      /** The variable that holds the procedure's name. */
      readonly callee?: Expr;
      /** EXEC (text): a batch of its own. */
      readonly text?: Expr;
      readonly result?: string;
      readonly args: readonly Argument[];
    }
  | { readonly kind: 'executeAs'; readonly user: string }
  | { readonly kind: 'revert' }
  | { readonly kind: 'createSchema'; readonly name: string; readonly owner?: string }
  | { readonly kind: 'dropSchema'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'transfer'; readonly schema: string; readonly name: Name }
  | {
      readonly kind: 'createTable';
      readonly name: Name;
      readonly columns: readonly ColumnDefinition[];
      readonly keys: readonly KeyConstraint[];
      readonly checks: readonly Expr[];
      readonly options: TableOptions;
    }
  | {
      readonly kind: 'ctas';
      readonly name: Name;
      readonly columns?: readonly string[];
      readonly query: Query;
      readonly options: TableOptions;
    }
  | { readonly kind: 'alterTable'; readonly name: Name; readonly action: AlterTableAction }
  | {
      readonly kind: 'createView';
      readonly name: Name;
      readonly columns?: readonly string[];
      readonly query: Query;
      readonly mode: 'create' | 'alter' | 'create or alter';
      readonly materialized?: TableOptions;
    }
  | {
      readonly kind: 'createProcedure';
      readonly name: Name;
      readonly parameters: readonly Parameter[];
      readonly body: readonly Statement[];
      readonly mode: 'create' | 'alter' | 'create or alter';
    }
  | {
      readonly kind: 'createFunction';
      readonly name: Name;
      readonly parameters: readonly Parameter[];
      readonly returns: TypeName | 'table';
      readonly body: readonly Statement[];
      readonly mode: 'create' | 'alter' | 'create or alter';
    }
  | {
      readonly kind: 'createType';
      readonly name: Name;
      readonly alias?: TypeName;
      readonly columns?: readonly ColumnDefinition[];
      readonly keys?: readonly KeyConstraint[];
    }
  | { readonly kind: 'drop'; readonly type: DropType; readonly names: readonly Name[]; readonly ifExists: boolean }
  | { readonly kind: 'rename'; readonly name: Name; readonly to: string; readonly column?: string }
  | {
      readonly kind: 'createIndex';
      readonly name: string;
      readonly table: Name;
      readonly type: 'clustered columnstore' | 'clustered' | 'nonclustered';
      readonly unique: boolean;
      readonly columns: readonly { readonly name: string; readonly descending: boolean }[];
      readonly dropExisting: boolean;
    }
  | { readonly kind: 'alterIndex'; readonly name: string; readonly table: Name }
  | { readonly kind: 'dropIndex'; readonly name: string; readonly table: Name; readonly ifExists: boolean }
  | {
      readonly kind: 'createStatistics';
      readonly name: string;
      readonly table: Name;
      readonly columns: readonly string[];
      /** Text of its WHERE. */
      readonly filter?: string;
    }
  | { readonly kind: 'updateStatistics'; readonly table: Name; readonly names: readonly string[] }
  | { readonly kind: 'createDataSource'; readonly name: string; readonly options: Options }
  | { readonly kind: 'createFileFormat'; readonly name: string; readonly options: Options }
  | {
      readonly kind: 'createExternalTable';
      readonly name: Name;
      readonly columns?: readonly ColumnDefinition[];
      readonly options: Options;
      readonly query?: Query;
    }
  | {
      readonly kind: 'copy';
      readonly table: Name;
      readonly columns?: readonly CopyColumn[];
      readonly paths: readonly string[];
      readonly options: Options;
      readonly option?: QueryOption;
    }
  | {
      readonly kind: 'permission';
      readonly action: 'grant' | 'deny' | 'revoke';
      readonly permissions: readonly { readonly name: string; readonly columns?: readonly string[] }[];
      readonly on?: { readonly class: string; readonly name: Name };
      readonly principals: readonly string[];
      /** WITH GRANT OPTION, or of REVOKE: GRANT OPTION FOR. */
      readonly grantOption: boolean;
    }
  | {
      readonly kind: 'createPrincipal';
      readonly type: 'user' | 'role' | 'login';
      readonly name: string;
      readonly login?: string;
      readonly defaultSchema?: string;
    }
  | { readonly kind: 'alterRole'; readonly role: string; readonly member: string; readonly add: boolean }
  | {
      readonly kind: 'securityPolicy';
      readonly name: Name;
      readonly mode: 'create' | 'alter';
      readonly predicates: readonly SecurityPredicate[];
      readonly state?: boolean;
    }
  | { readonly kind: 'use'; readonly database: string }
  | { readonly kind: 'createDatabase'; readonly name: string }
  | { readonly kind: 'dropDatabase'; readonly names: readonly string[]; readonly ifExists: boolean }
  | {
      readonly kind: 'workload';
      readonly mode: 'create' | 'alter' | 'drop';
      readonly type: 'group' | 'classifier';
      readonly name: string;
      readonly options: Options;
    }
  | { readonly kind: 'masterKey'; readonly mode: 'create' | 'alter' | 'drop' }
  | {
      readonly kind: 'credential';
      readonly mode: 'create' | 'alter' | 'drop';
      readonly name: string;
      readonly identity: string;
    }
  | { readonly kind: 'alterDatabase'; readonly name: string; readonly options: Readonly<Record<string, string>> }
  | {
      readonly kind: 'alterUser';
      readonly name: string;
      readonly newName?: string;
      readonly defaultSchema?: string;
      readonly login?: string;
    }
  | { readonly kind: 'kill'; readonly session: string }
  | {
      readonly kind: 'dbcc';
      readonly command: string;
      readonly args: readonly string[];
      readonly options: readonly string[];
    }
  | { readonly kind: 'explain'; readonly recommendations: boolean; readonly statement: Statement }
  | { readonly kind: 'accepted'; readonly what: string };

export type DropType =
  | 'table'
  | 'view'
  | 'procedure'
  | 'type'
  | 'function'
  | 'external table'
  | 'external data source'
  | 'external file format'
  | 'user'
  | 'role'
  | 'login'
  | 'statistics'
  | 'security policy';
export type AlterTableAction =
  | {
      readonly kind: 'addColumns';
      readonly columns: readonly ColumnDefinition[];
      readonly keys: readonly KeyConstraint[];
    }
  | { readonly kind: 'alterColumn'; readonly column: ColumnDefinition }
  | { readonly kind: 'mask'; readonly column: string; readonly mask?: string }
  | { readonly kind: 'dropColumns'; readonly names: readonly string[]; readonly ifExists: boolean }
  | { readonly kind: 'dropConstraint'; readonly names: readonly string[]; readonly ifExists: boolean }
  | {
      readonly kind: 'addDefault';
      readonly name?: string;
      readonly column: string;
      readonly expr: Expr;
      readonly text: string;
    }
  | { readonly kind: 'split' | 'merge'; readonly value: Expr }
  | {
      readonly kind: 'switch';
      readonly partition?: Expr;
      readonly target: Name;
      readonly targetPartition?: Expr;
      readonly truncateTarget: boolean;
    }
  | { readonly kind: 'rebuild' };
export interface CopyColumn {
  readonly name: string;
  readonly ordinal?: number;
  readonly default?: Expr;
}
export interface SecurityPredicate {
  readonly action: 'add' | 'alter' | 'drop';
  readonly call?: Call;
  readonly table: Name;
}

export type Statement = StatementBody & { readonly span: Span };
export type StatementOf<K extends StatementBody['kind']> = Extract<StatementBody, { kind: K }> & {
  readonly span: Span;
};
