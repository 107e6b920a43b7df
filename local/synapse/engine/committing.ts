/**
 * Connections on which a COMMIT is under way. They are not interrupted: a COMMIT that was cut off may have taken place, and
 * then the catalog in memory would not know what DuckDB holds.
 */
export const committing = new WeakSet<object>();
