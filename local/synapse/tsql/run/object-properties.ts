/** OBJECTPROPERTY, INDEXPROPERTY and TYPEPROPERTY. */
import type { ObjectInfo } from '../../catalog/model';
import { isFixedLength, isNumber, isString, isUnicode, resolveType } from '../types/sql-types';
import { precisionOf, TYPE_IDS } from '../types/type-facts';

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

/** TYPEPROPERTY of a system type; undefined for what is no type or no property of it. */
export function typeProperty(name: string, property: string): number | undefined {
  const known = TYPE_IDS.find(([type]) => type === name.trim().toLowerCase())?.[0];
  if (!known) return undefined;
  const isDecimal = known === 'decimal' || known === 'numeric';
  const type = resolveType({ name: known === 'sysname' ? 'nvarchar' : known, args: isDecimal ? [38, 38] : [] });
  const length = known === 'sysname' ? 128 : isUnicode(type) ? 4000 : 8000;
  switch (property.toLowerCase()) {
    case 'precision':
      return isString(type) || type.name.endsWith('binary') ? length : precisionOf(type);
    case 'scale':
      return isDecimal
        ? 38
        : isNumber(type) && !['float', 'real'].includes(type.name)
          ? (type.scale ?? (type.name.endsWith('money') ? 4 : 0))
          : undefined;
    case 'allowsnull':
      return Number(known !== 'sysname');
    case 'ownerid':
      return 4;
    case 'usesansitrim':
      return isFixedLength(type) || isString(type) || type.name.endsWith('binary') ? 1 : undefined;
  }
  return undefined;
}
