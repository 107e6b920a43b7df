import type { Command } from '../contract';

/** CurCmd of the DONE tokens. */
export const commandCode: Readonly<Record<Command, number>> = {
  select: 0xc1,
  'select into': 0xc1,
  insert: 0xc3,
  copy: 0xc3,
  delete: 0xc4,
  update: 0xc5,
  merge: 0x117,
  ddl: 0xc6,
  set: 0xc0,
  execute: 0xe0,
  other: 0xfd,
};
