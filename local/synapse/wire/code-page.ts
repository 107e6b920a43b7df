/** Windows-1252, the code page of SQL_Latin1_General_CP1_CI_AS: what (var)char values are made of on the wire. */

/** The characters of the bytes 0x80 to 0x9F. */
export const UPPER =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';
const byteOf = new Map<number, number>([...UPPER].map((character, index) => [character.charCodeAt(0), 0x80 + index]));
const special = /[\x80-\x9f]/;
// oxlint-disable-next-line no-control-regex -- the range is meant
const beyond = /[^\x00-\x7f\xa0-\xff]/;

/** Text of code page bytes. */
export function decodeCodePage(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  if (!special.test(text)) return text;
  return text.replace(/[\x80-\x9f]/g, (character) => UPPER[character.charCodeAt(0) - 0x80]!);
}

/** Code page bytes of a text; a character the code page lacks becomes `?`, as SQL Server does. */
export function encodeCodePage(text: string): Buffer {
  if (!beyond.test(text)) return Buffer.from(text, 'latin1');
  const characters = [...text];
  return Buffer.from(
    characters.map((character) => {
      const code = character.codePointAt(0)!;
      if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
      return byteOf.get(code) ?? 0x3f;
    }),
  );
}
