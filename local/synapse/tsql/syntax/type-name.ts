/** Data types as written: `int`, `[varchar](50)`, `decimal(18, 2)`, `nvarchar(max) COLLATE x`, `double precision`. */
import type { TypeName } from './ast';
import type { Cursor } from './cursor';

/** Types that a pool has not. */
const REFUSED = new Set(['text', 'ntext', 'image', 'xml', 'rowversion', 'timestamp']);

export function parseTypeName(c: Cursor): TypeName {
  const first = c.token;
  if (first.kind !== 'word' && first.kind !== 'quoted') throw c.error();
  c.take();
  let name = first.text.toLowerCase();
  if (c.is('.')) {
    c.take();
    name = c.take().text.toLowerCase();
  }
  if (name === 'double' && c.accept('PRECISION')) name = 'float';
  if (name === 'national') name = 'n' + c.take().text.toLowerCase();
  if (/^n?(char|character)$/.test(name) && c.accept('VARYING')) name = name.startsWith('n') ? 'nvarchar' : 'varchar';
  if (REFUSED.has(name)) c.refuse(`Type ${name}`, first.line);
  const args: number[] = [];
  if (c.is('(')) {
    c.take();
    do {
      if (c.accept('MAX')) args.push(-1);
      else args.push(c.integer());
    } while (c.accept(','));
    c.expect(')');
  }
  const collation = c.accept('COLLATE') ? c.take().text : undefined;
  return { name, args, collation };
}
