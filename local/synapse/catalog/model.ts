/** What the catalog knows about the database. Immutable: a change makes a new snapshot. */
import type { SqlType } from '../contract';
import type { Options, Query, TypeName } from '../tsql/syntax/ast';
import type { Parameter, Statement } from '../tsql/syntax/ast-statements';

/** IDENTITY (seed, increment). */
export interface Identity {
  readonly seed: number;
  readonly increment: number;
}
export interface ColumnInfo {
  readonly id: number;
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly identity?: Identity;
  readonly default?: { readonly name: string; readonly text: string };
  readonly mask?: string;
  readonly collation?: string;
  /** Of a computed column: its T-SQL text and its DuckDB expression. */
  readonly computed?: { readonly text: string; readonly sql: string };
}
export interface IndexInfo {
  readonly name: string;
  readonly type: 'HEAP' | 'CLUSTERED' | 'NONCLUSTERED' | 'CLUSTERED COLUMNSTORE';
  readonly columns: readonly { readonly name: string; readonly descending: boolean }[];
  readonly primaryKey?: boolean;
  readonly unique?: boolean;
}
export interface StatisticsInfo {
  readonly name: string;
  readonly columns: readonly string[];
  readonly auto: boolean;
  /** Text of its WHERE. */
  readonly filter?: string;
  /** When it was last made from rows; none while its table had no rows. */
  readonly updated?: string;
}
/** stats_id of the statistics at place `n` of a table's list; its indexes have the lower numbers. */
export const statisticsId = (n: number): number => n + 10;
export interface PartitionInfo {
  readonly column: string;
  readonly right: boolean;
  /** Boundaries as text, in order. */
  readonly values: readonly string[];
}
export type ObjectKind = 'U' | 'V' | 'P' | 'FN' | 'IF' | 'ET' | 'SP' | 'TT';

/** A table, view, procedure, function, external table, security policy or user type. */
export interface ObjectInfo {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  /** U table, V view, P procedure, FN scalar function, IF inline table function, ET external table, SP security policy, TT user type. */
  readonly kind: ObjectKind;
  readonly created: string;
  readonly modified: string;
  readonly columns: readonly ColumnInfo[];
  /** CREATE text of views, procedures and functions. */
  readonly definition?: string;
  readonly distribution?: 'HASH' | 'ROUND_ROBIN' | 'REPLICATE';
  readonly hashColumns?: readonly string[];
  readonly indexes?: readonly IndexInfo[];
  readonly statistics?: readonly StatisticsInfo[];
  readonly partition?: PartitionInfo;
  readonly materialized?: boolean;
  /** WITH options of an external table. */
  readonly external?: Options;
  readonly policy?: PolicyInfo;
  /** The type that an alias type stands for; a table type has columns instead. */
  readonly alias?: TypeName;
  /** Owner of the name inside DuckDB when it differs (temp tables). */
  readonly temp?: boolean;
}
export interface PolicyInfo {
  readonly enabled: boolean;
  readonly predicates: readonly {
    readonly functionName: readonly string[];
    readonly args: readonly string[];
    readonly table: number;
  }[];
}
export interface PrincipalInfo {
  readonly id: number;
  readonly name: string;
  /** S SQL user, R database role. */
  readonly type: 'S' | 'R';
  readonly login?: string;
  /** Of a user; dbo without it. */
  readonly defaultSchema?: string;
  readonly fixed?: boolean;
}
export interface PermissionInfo {
  readonly grantee: number;
  readonly state: 'G' | 'D';
  readonly permission: string;
  readonly class: 'DATABASE' | 'SCHEMA' | 'OBJECT';
  /** Schema name or object id as text; '' for the database. */
  readonly target: string;
  readonly column?: string;
  /** WITH GRANT OPTION. */
  readonly grantOption?: true;
}
export interface NamedOptions {
  readonly id: number;
  readonly name: string;
  readonly options: Options;
}
export interface SchemaInfo {
  readonly id: number;
  readonly name: string;
  readonly owner: string;
}

/** Everything, keyed by lower-case name. */
export interface Snapshot {
  readonly schemas: ReadonlyMap<string, SchemaInfo>;
  readonly objects: ReadonlyMap<string, ObjectInfo>;
  readonly principals: ReadonlyMap<string, PrincipalInfo>;
  readonly members: readonly { readonly role: number; readonly member: number }[];
  readonly permissions: readonly PermissionInfo[];
  readonly dataSources: ReadonlyMap<string, NamedOptions>;
  readonly fileFormats: ReadonlyMap<string, NamedOptions>;
  /** Database scoped credentials: their IDENTITY, never their secret. */
  readonly credentials: ReadonlyMap<string, NamedOptions>;
  readonly hasMasterKey: boolean;
  /** What ALTER DATABASE … SET has set, by lower-case name of the database. */
  readonly databaseOptions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly workloadGroups: ReadonlyMap<string, NamedOptions>;
  readonly workloadClassifiers: ReadonlyMap<string, NamedOptions>;
}

/** A parsed view, procedure or function. */
export interface Module {
  readonly columns?: readonly string[];
  readonly query?: Query;
  readonly parameters: readonly Parameter[];
  readonly returns?: TypeName | 'table';
  readonly body: readonly Statement[];
}

export const key = (schema: string, name: string): string => `${schema}.${name}`.toLowerCase();
