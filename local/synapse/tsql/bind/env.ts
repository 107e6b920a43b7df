/** What translation needs from its session: names, variables, permissions. Nothing here touches DuckDB. */
import type { ColumnInfo, Module, ObjectInfo } from '../../catalog/model';
import type { SqlType, Surface } from '../../contract';
import type { Name, Source } from '../syntax/ast';
import type { Typed } from '../types/typed';

/** A system view: DuckDB SQL and its T-SQL columns. */
export interface SystemView {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: SqlType; readonly nullable?: boolean }[];
}

/** A file source whose columns are known: `sql` is a table expression. */
export interface FileSource {
  readonly sql: string;
  readonly columns: readonly ColumnInfo[];
  /** Column of `sql` with the path of the file, when the source can say it. */
  readonly pathColumn?: string;
  /** Regular expression with one group per wildcard, for filepath(n). */
  readonly pathPattern?: string;
}

export interface Env {
  readonly database: string;
  readonly surface: Surface;
  /** Folder of the local lake, and the URL that it stands for. */
  readonly lake: { readonly root: string; readonly url: string };
  /** SET DATEFIRST: 1 = Monday to 7 = Sunday. */
  readonly dateFirst: number;
  /** A table, view, inline function or external table by name; undefined when there is none. */
  object(name: Name): ObjectInfo | undefined;
  module(object: ObjectInfo): Module;
  systemView(name: Name): SystemView | undefined;
  variable(name: string): Typed | undefined;
  systemVariable(name: string): Typed | undefined;
  /** Functions whose answer depends on the session: DB_NAME(), USER_NAME(), OBJECT_ID(), ERROR_MESSAGE()… */
  sessionFunction(name: string, args: readonly (Typed | undefined)[]): Typed | undefined;
  /** Throws Msg 229 when the current user may not do this. */
  demand(permission: string, object: ObjectInfo, columns?: readonly string[]): void;
  /** Throws Msg 229 when the current user may read no column; the columns that are closed to it (Msg 230 when one is read). */
  closedColumns(object: ObjectInfo): ReadonlySet<string>;
  /** True when masks apply to the current user for this table. */
  masked(object: ObjectInfo): boolean;
  /** Filter predicates of security policies on a table. */
  policies(object: ObjectInfo): readonly { readonly function: ObjectInfo; readonly args: readonly string[] }[];
  /** A source over files. May throw `Pending`: translation is tried again when it has been looked up. */
  files(source: Extract<Source, { kind: 'openrowset' }>): FileSource;
  externalTable(object: ObjectInfo): FileSource;
  /** Runs `action` as the owner of a module: its objects are not checked again (ownership chaining). */
  asOwner<T>(action: () => T): T;
}

/** Thrown when translation needs something that can only be had asynchronously. */
export class Pending extends Error {
  constructor(readonly load: () => Promise<void>) {
    super('pending');
  }
}
