/** OBJECTPROPERTY and INDEXPROPERTY. */
import type { ObjectInfo } from '../../catalog/model';

/** What OBJECTPROPERTY says of an object beside its kind; undefined for what is no property. */
export function objectProperty(object: ObjectInfo, property: string): number | undefined {
  const indexes = object.indexes ?? [];
  const values: Readonly<Record<string, boolean | number>> = {
    ownerid: 1,
    ismsshipped: false,
    issystemtable: false,
    isencrypted: false,
    isforeignkey: false,
    istrigger: false,
    istablefunction: object.kind === 'IF',
    isdeterministic: false,
    isschemabound: false,
    tablehasidentity: object.columns.some((x) => x.identity),
    tablehasprimarykey: indexes.some((x) => x.primaryKey),
    tablehasuniquecnst: indexes.some((x) => x.unique && !x.primaryKey),
    tablehasindex: indexes.length > 0,
    tablehasclustindex: indexes.some((x) => x.type !== 'NONCLUSTERED' && x.type !== 'HEAP'),
    tablehasnonclustindex: indexes.some((x) => x.type === 'NONCLUSTERED'),
    tablehascheckcnst: false,
    tablehasforeignkey: false,
    tablehasforeignref: false,
    tablehasdefaultcnst: object.columns.some((x) => x.default),
    tablehastextimage: object.columns.some((x) => x.type.length === -1),
  };
  const value = values[property];
  return value === undefined ? undefined : Number(value);
}

export function indexProperty(object: ObjectInfo | undefined, name: string, property: string): number | undefined {
  const index = object?.indexes?.find((x) => x.name.toLowerCase() === name.toLowerCase());
  if (!index) return undefined;
  const values: Readonly<Record<string, boolean | number>> = {
    isclustered: index.type !== 'NONCLUSTERED' && index.type !== 'HEAP',
    isunique: Boolean(index.unique ?? index.primaryKey),
    iscolumnstore: index.type === 'CLUSTERED COLUMNSTORE',
    isdisabled: false,
    ishypothetical: false,
    isstatistics: false,
    indexfillfactor: 0,
  };
  const value = values[property.toLowerCase()];
  return value === undefined ? undefined : Number(value);
}
