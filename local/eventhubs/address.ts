/** What a link address names. */
export interface Address {
  hub: string;
  group?: string;
  partition?: number;
}

const form = /^([^/$]+)(?:\/ConsumerGroups\/([^/]+))?(?:\/Partitions\/(\d{1,5}))?$/i;

/** Parses `hub`, `hub/Partitions/0` and `hub/ConsumerGroups/$Default/Partitions/0`, with or without `sb://host/`. */
export function parseAddress(address: string): Address | undefined {
  const found = form.exec(address.replace(/^amqps?:\/\/[^/]+|^sb:\/\/[^/]+/i, '').replace(/^\/+/, ''));
  if (!found) return undefined;
  return { hub: found[1]!, group: found[2], partition: found[3] === undefined ? undefined : Number(found[3]) };
}

/** Where a receiver starts: the selector that the SDKs put into the link's source filter. */
export interface Position {
  field: 'offset' | 'sequence' | 'time' | 'latest';
  value: number;
  inclusive: boolean;
}

const selector = /^\s*amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=|>)\s*'([^']*)'\s*$/;

/** Parses `amqp.annotation.x-opt-offset > '-1'` and its like; undefined for anything else. */
export function parsePosition(text: string): Position | undefined {
  const [, name, operator, value] = selector.exec(text) ?? [];
  if (value === undefined) return undefined;
  const inclusive = operator === '>=';
  if (value === '@latest') return { field: 'latest', value: 0, inclusive };
  if (!/^-?\d{1,16}$/.test(value)) return undefined;
  const field = name === 'offset' ? 'offset' : name === 'sequence-number' ? 'sequence' : 'time';
  return { field, value: Number(value), inclusive };
}
