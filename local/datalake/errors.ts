/** An answer of the storage protocol other than success: HTTP status, error code, text. */
export class StorageError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string = code,
  ) {
    super(message);
    this.name = 'StorageError';
  }
}

export const notFound = (code = 'PathNotFound') => new StorageError(404, code, 'The specified path does not exist.');
export const badRequest = (code: string, message: string) => new StorageError(400, code, message);
export const conflict = (code: string, message: string) => new StorageError(409, code, message);

/**
 * The storage error for anything thrown while a request was served.
 * A full disk is 507, which the SDKs do not retry: waiting does not help. Other disk errors are 500.
 */
export function toStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return notFound();
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
      return conflict('PathConflict', 'A part of the path is a file where a directory is needed, or the reverse.');
    case 'ENOTEMPTY':
      return conflict('DirectoryNotEmpty', 'The directory is not empty.');
    case 'EINVAL':
      return conflict('InvalidRenameSourcePath', 'A directory cannot be moved into itself.');
    case 'ENAMETOOLONG':
      return badRequest('InvalidResourceName', 'A part of the path is longer than the disk allows (255 bytes).');
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new StorageError(507, 'InsufficientStorage', 'The disk of the local Data Lake is full.');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StorageError(500, 'InternalError', `The local Data Lake may not read or write its folder (${code}).`);
    case 'ERR_STREAM_PREMATURE_CLOSE':
    case 'ECONNRESET':
      return badRequest('IncompleteBody', 'The connection ended before the whole body had arrived.');
    default:
      return new StorageError(500, 'InternalError', `The local Data Lake failed (${code ?? (error as Error).name}).`);
  }
}
