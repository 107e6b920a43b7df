import type { SystemProcedure } from '../../contract';

/** Catalog procedures by lower-case name. */
export const systemProcedures: ReadonlyMap<string, SystemProcedure> = new Map();
