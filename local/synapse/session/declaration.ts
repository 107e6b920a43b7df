import type { SqlType, SqlTypeName } from '../contract';

/** A parameter of a declaration such as `@a int, @b decimal(18,2) OUTPUT`. */
export interface DeclaredParameter {
  readonly name: string;
  /** Undefined when the type's name is not a system type (a user type: the engine judges). */
  readonly type?: SqlType;
  readonly typeText: string;
  readonly output: boolean;
}

const names: Readonly<Record<string, SqlTypeName>> = {
  bit: 'bit',
  tinyint: 'tinyint',
  smallint: 'smallint',
  int: 'int',
  integer: 'int',
  bigint: 'bigint',
  real: 'real',
  float: 'float',
  'double precision': 'float',
  decimal: 'decimal',
  dec: 'decimal',
  numeric: 'decimal',
  money: 'money',
  smallmoney: 'smallmoney',
  date: 'date',
  time: 'time',
  datetime: 'datetime',
  smalldatetime: 'smalldatetime',
  datetime2: 'datetime2',
  datetimeoffset: 'datetimeoffset',
  char: 'char',
  character: 'char',
  varchar: 'varchar',
  nchar: 'nchar',
  nvarchar: 'nvarchar',
  binary: 'binary',
  varbinary: 'varbinary',
  uniqueidentifier: 'uniqueidentifier',
  text: 'text',
  ntext: 'ntext',
  image: 'image',
  xml: 'xml',
  sql_variant: 'sql_variant',
};

/** Reads the text of a system type; undefined for any other name. */
export function parseType(text: string): SqlType | undefined {
  const match =
    /^\s*(?:\[?sys\]?\s*\.\s*)?\[?([a-z_0-9]+(?:\s+precision)?)\]?\s*(?:\(\s*(max|\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*$/i.exec(
      text,
    );
  if (!match) return undefined;
  const word = match[1]!.toLowerCase().replace(/\s+/, ' ');
  if (word === 'sysname') return { name: 'nvarchar', length: 128 };
  const name = names[word];
  if (!name) return undefined;
  const first = match[2]?.toLowerCase() === 'max' ? -1 : match[2] === undefined ? undefined : Number(match[2]);
  switch (name) {
    case 'decimal':
      return { name, precision: first ?? 18, scale: Number(match[3] ?? 0) };
    case 'float':
      return { name: first !== undefined && first <= 24 ? 'real' : 'float' };
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return { name, scale: first ?? 7 };
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'binary':
    case 'varbinary':
      return { name, length: first ?? 1 };
  }
  return { name };
}

/** Splits at commas outside parentheses and comments. */
function splitTopLevel(text: string): string[] {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/--[^\n]*/g, ' ');
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < plain.length; at++) {
    const character = plain[at];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(plain.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(plain.slice(start));
  return parts.filter((part) => part.trim() !== '');
}

/** Reads the parameter declaration of sp_executesql and sp_prepare. What is no declaration is left out (the engine then misses it). */
export function parseDeclaration(text: string): DeclaredParameter[] {
  const declared: DeclaredParameter[] = [];
  for (const part of splitTopLevel(text)) {
    const match =
      /^\s*(@[^\s(]+)\s+(?:as\s+)?(.+?)\s*(?:=[^=]*?)?((?:\s+|(?<=\)))out(?:put)?)?(?:\s+readonly)?\s*$/is.exec(part);
    if (!match) continue;
    const typeText = match[2]!.trim();
    declared.push({ name: match[1]!, type: parseType(typeText), typeText, output: match[3] !== undefined });
  }
  return declared;
}
