/** Expressions, queries and sources of the syntax tree. */

export type Name = readonly string[];

// ---------------------------------------------------------------- expressions
export type LiteralType = 'string' | 'nstring' | 'integer' | 'decimal' | 'float' | 'money' | 'hex' | 'null' | 'default';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^';
export type CompareOperator = '=' | '<>' | '<' | '>' | '<=' | '>=';

export type Expr =
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly text: string }
  | { readonly kind: 'column'; readonly parts: Name; readonly line: number }
  | { readonly kind: 'star'; readonly qualifier: Name }
  | { readonly kind: 'variable'; readonly name: string; readonly line: number }
  | { readonly kind: 'unary'; readonly op: '-' | '+' | '~'; readonly operand: Expr }
  | { readonly kind: 'binary'; readonly op: ArithmeticOperator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'compare'; readonly op: CompareOperator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'distinctFrom'; readonly not: boolean; readonly left: Expr; readonly right: Expr }
  | {
      readonly kind: 'quantified';
      readonly op: CompareOperator;
      readonly quantifier: 'all' | 'any';
      readonly left: Expr;
      readonly query: Query;
    }
  | { readonly kind: 'logic'; readonly op: 'and' | 'or'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'not'; readonly operand: Expr }
  | { readonly kind: 'isNull'; readonly not: boolean; readonly operand: Expr }
  | { readonly kind: 'between'; readonly not: boolean; readonly operand: Expr; readonly low: Expr; readonly high: Expr }
  | { readonly kind: 'in'; readonly not: boolean; readonly operand: Expr; readonly list: readonly Expr[] | Query }
  | {
      readonly kind: 'like';
      readonly not: boolean;
      readonly operand: Expr;
      readonly pattern: Expr;
      readonly escape?: Expr;
    }
  | { readonly kind: 'exists'; readonly query: Query }
  | {
      readonly kind: 'case';
      readonly operand?: Expr;
      readonly branches: readonly { readonly when: Expr; readonly result: Expr }[];
      readonly otherwise?: Expr;
    }
  | {
      readonly kind: 'cast';
      readonly attempt: boolean;
      readonly operand: Expr;
      readonly type: TypeName;
      readonly style?: Expr;
    }
  | Call
  | { readonly kind: 'subquery'; readonly query: Query }
  | { readonly kind: 'collate'; readonly operand: Expr; readonly collation: string }
  | { readonly kind: 'atTimeZone'; readonly operand: Expr; readonly zone: Expr };

export interface Call {
  readonly kind: 'call';
  /** One part for built-ins, more for user functions and methods such as `r.filepath`. */
  readonly name: Name;
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  readonly withinGroup?: readonly OrderItem[];
  readonly over?: Window;
  readonly ignoreNulls?: boolean;
  readonly line: number;
}

export interface Window {
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly OrderItem[];
  readonly frame?: Frame;
}
export interface Frame {
  readonly unit: 'rows' | 'range';
  readonly from: FrameBound;
  readonly to?: FrameBound;
}
export interface FrameBound {
  readonly kind: 'unbounded preceding' | 'unbounded following' | 'current row' | 'preceding' | 'following';
  readonly offset?: Expr;
}

/** A type as written: name, arguments (`max` is -1). */
export interface TypeName {
  readonly name: string;
  readonly args: readonly number[];
  readonly collation?: string;
}

// ---------------------------------------------------------------- queries
export interface OrderItem {
  readonly expr: Expr;
  readonly descending: boolean;
}
export type SelectItem =
  | { readonly kind: 'item'; readonly expr: Expr; readonly alias?: string }
  | { readonly kind: 'star'; readonly qualifier: Name }
  | {
      readonly kind: 'assign';
      readonly variable: string;
      readonly op: ArithmeticOperator | undefined;
      readonly expr: Expr;
    };

export interface Cte {
  readonly name: string;
  readonly columns?: readonly string[];
  readonly query: Query;
}

export type QueryBody =
  | Select
  | {
      readonly kind: 'set';
      readonly op: 'union' | 'union all' | 'except' | 'intersect';
      readonly left: QueryBody;
      readonly right: QueryBody;
    }
  | { readonly kind: 'nested'; readonly query: Query };

export interface Query {
  readonly kind: 'query';
  readonly ctes: readonly Cte[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly offset?: Expr;
  readonly fetch?: Expr;
  readonly forJson?: ForJson;
  readonly forXml?: boolean;
  readonly option?: QueryOption;
}
export interface ForJson {
  readonly mode: 'path' | 'auto';
  readonly root?: string;
  readonly includeNulls: boolean;
  readonly withoutWrapper: boolean;
}
export interface QueryOption {
  readonly label?: string;
}
export interface Top {
  readonly count: Expr;
  readonly percent: boolean;
  readonly ties: boolean;
}
export type GroupItem =
  | { readonly kind: 'expr'; readonly expr: Expr }
  | { readonly kind: 'rollup' | 'cube' | 'sets'; readonly sets: readonly (readonly Expr[])[] };

/** INTO table; it stands between these places of the batch. */
export interface Into {
  readonly name: Name;
  readonly start: number;
  readonly end: number;
}
export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly top?: Top;
  readonly items: readonly SelectItem[];
  /** Only of the first SELECT of a statement. */
  readonly into?: Into;
  readonly from: readonly Source[];
  readonly where?: Expr;
  readonly groupBy: readonly GroupItem[];
  readonly having?: Expr;
  readonly line: number;
  /** As it was written. */
  readonly text?: string;
}

export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'cross' | 'cross apply' | 'outer apply';
export type Source =
  | { readonly kind: 'table'; readonly name: Name; readonly alias?: string; readonly line: number }
  | { readonly kind: 'derived'; readonly query: Query; readonly alias: string; readonly columns?: readonly string[] }
  | {
      readonly kind: 'values';
      readonly rows: readonly (readonly Expr[])[];
      readonly alias: string;
      readonly columns?: readonly string[];
    }
  | { readonly kind: 'function'; readonly call: Call; readonly alias?: string; readonly columns?: readonly string[] }
  | {
      readonly kind: 'openjson';
      readonly json: Expr;
      readonly path?: Expr;
      readonly columns?: readonly JsonColumn[];
      readonly alias?: string;
    }
  | {
      readonly kind: 'openrowset';
      readonly paths: readonly string[];
      readonly options: Options;
      readonly columns?: readonly FileColumn[];
      readonly alias?: string;
      readonly names?: readonly string[];
      readonly line: number;
    }
  | {
      readonly kind: 'join';
      readonly join: JoinKind;
      readonly left: Source;
      readonly right: Source;
      readonly on?: Expr;
    }
  | {
      readonly kind: 'pivot';
      readonly source: Source;
      readonly aggregate: Call;
      readonly column: string;
      readonly values: readonly string[];
      readonly alias: string;
    }
  | {
      readonly kind: 'unpivot';
      readonly source: Source;
      readonly value: string;
      readonly column: string;
      readonly columns: readonly string[];
      readonly alias: string;
    };
export interface JsonColumn {
  readonly name: string;
  readonly type: TypeName;
  readonly path?: string;
  readonly asJson: boolean;
}
/** Column of a file: `name type [ordinal | 'path'] [DEFAULT x]`. */
export interface FileColumn {
  readonly name: string;
  readonly type: TypeName;
  readonly ordinal?: number;
  readonly path?: string;
  readonly notNull: boolean;
}
/** `KEY = value, …` of a WITH clause; keys upper case. Values: text as written (unquoted) or a nested list. */
export interface Options {
  readonly [key: string]: string | Options | undefined;
}
