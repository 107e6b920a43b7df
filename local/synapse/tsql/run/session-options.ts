/** SET options as @@OPTIONS and sys.dm_exec_sessions show them. */

/** What an option has before it is set; what is not here begins OFF. */
const ON_AT_FIRST = new Set([
  'ANSI_WARNINGS',
  'ANSI_PADDING',
  'ANSI_NULLS',
  'ARITHABORT',
  'QUOTED_IDENTIFIER',
  'ANSI_NULL_DFLT_ON',
  'CONCAT_NULL_YIELDS_NULL',
]);
/** Bits of @@OPTIONS. */
const BITS: Readonly<Record<string, number>> = {
  DISABLE_DEF_CNST_CHK: 1,
  IMPLICIT_TRANSACTIONS: 2,
  CURSOR_CLOSE_ON_COMMIT: 4,
  ANSI_WARNINGS: 8,
  ANSI_PADDING: 16,
  ANSI_NULLS: 32,
  ARITHABORT: 64,
  ARITHIGNORE: 128,
  QUOTED_IDENTIFIER: 256,
  NOCOUNT: 512,
  ANSI_NULL_DFLT_ON: 1024,
  ANSI_NULL_DFLT_OFF: 2048,
  CONCAT_NULL_YIELDS_NULL: 4096,
  NUMERIC_ROUNDABORT: 8192,
  XACT_ABORT: 16384,
};
const DEFAULT_TEXT_SIZE = 2_147_483_647;

/** Options that were set, by name. */
export type Options = ReadonlyMap<string, string>;

export const isOn = (options: Options, name: string): boolean =>
  (options.get(name) ?? (ON_AT_FIRST.has(name) ? 'ON' : 'OFF')) === 'ON';

/** @@OPTIONS */
export const optionBits = (options: Options): number =>
  Object.entries(BITS).reduce((bits, [name, bit]) => (isOn(options, name) ? bits | bit : bits), 0);

/** @@TEXTSIZE: bytes; 0 stands for 4096, -1 for no limit. */
export function textSize(options: Options): number {
  const set = Number(options.get('TEXTSIZE') ?? DEFAULT_TEXT_SIZE);
  return set === 0 ? 4096 : Math.trunc(set);
}
