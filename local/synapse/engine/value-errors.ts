import { TSqlError, type SqlType } from '../contract';

/** Error of a value that its declared column cannot hold. Names the type, never the value. */
export function overflow(type: SqlType): TSqlError {
  return new TSqlError(
    8115,
    `Arithmetic overflow error converting expression to data type ${type.name === 'decimal' ? 'numeric' : type.name}.`,
    2,
  );
}

/** Error of text or bytes that their column is too short for. */
export const truncated = (): TSqlError => new TSqlError(8152, 'String or binary data would be truncated.', 4);
