/** ALTER TABLE. */
import type { AlterTableAction, StatementBody } from './ast-statements';
import type { Name } from './ast';
import type { Cursor } from './cursor';
import { type Columns, parseColumn, parseColumnOrKey, parseDefault, parseMask } from './columns';
import { parseExpr } from './expressions';
import { skipParenthesis } from './definitions';

export function parseAlterTable(c: Cursor): StatementBody {
  const name: Name = c.name();
  return { kind: 'alterTable', name, action: parseAlterTableAction(c) };
}
function parseAlterTableAction(c: Cursor): AlterTableAction {
  if (c.accept('ALTER', 'COLUMN')) {
    if (c.peek().upper === 'ADD' && c.peek(2).upper === 'MASKED') {
      const column = c.identifier();
      c.expect('ADD', 'MASKED', 'WITH');
      return { kind: 'mask', column, mask: parseMask(c) };
    }
    if (c.peek().upper === 'DROP') {
      const column = c.identifier();
      c.expect('DROP', 'MASKED');
      return { kind: 'mask', column };
    }
    return { kind: 'alterColumn', column: parseColumn(c) };
  }
  if (c.accept('DROP', 'COLUMN')) {
    const ifExists = c.accept('IF', 'EXISTS');
    return { kind: 'dropColumns', names: c.list(() => c.identifier()), ifExists };
  }
  if (c.accept('DROP')) {
    c.accept('CONSTRAINT');
    const ifExists = c.accept('IF', 'EXISTS');
    return { kind: 'dropConstraint', names: c.list(() => c.identifier()), ifExists };
  }
  if (c.accept('ADD')) return parseAdd(c);
  if (c.isAny('SPLIT', 'MERGE')) {
    const kind = c.take().upper === 'SPLIT' ? 'split' : 'merge';
    c.expect('RANGE', '(');
    const value = parseExpr(c);
    c.expect(')');
    return { kind, value };
  }
  if (c.accept('SWITCH')) return parseSwitch(c);
  if (c.accept('REBUILD')) {
    if (c.accept('PARTITION')) {
      c.expect('=');
      c.take();
    }
    if (c.accept('WITH')) skipParenthesis(c);
    return { kind: 'rebuild' };
  }
  throw c.error();
}
function parseAdd(c: Cursor): AlterTableAction {
  const named = c.is('CONSTRAINT') && c.peek(2).upper === 'DEFAULT';
  if (named || c.is('DEFAULT')) {
    const name = c.accept('CONSTRAINT') ? c.identifier() : undefined;
    c.expect('DEFAULT');
    const { expr, text } = parseDefault(c);
    c.expect('FOR');
    return { kind: 'addDefault', name, column: c.identifier(), expr, text };
  }
  const result: Columns = { columns: [], keys: [], checks: [] };
  c.list(() => parseColumnOrKey(c, result));
  return { kind: 'addColumns', ...result };
}
/** SWITCH [PARTITION n] TO target [PARTITION n] [WITH (TRUNCATE_TARGET = ON)] */
function parseSwitch(c: Cursor): AlterTableAction {
  const partition = c.accept('PARTITION') ? parseExpr(c) : undefined;
  c.expect('TO');
  const target = c.name();
  const targetPartition = c.accept('PARTITION') ? parseExpr(c) : undefined;
  let truncateTarget = false;
  if (c.accept('WITH')) {
    c.expect('(', 'TRUNCATE_TARGET', '=');
    truncateTarget = c.accept('ON');
    if (!truncateTarget) c.expect('OFF');
    c.expect(')');
  }
  return { kind: 'switch', partition, target, targetPartition, truncateTarget };
}
