/** Workload groups and classifiers. */
import type { StatementBody } from './ast-statements';
import type { Options } from './ast';
import type { Cursor } from './cursor';

/** CREATE | ALTER | DROP WORKLOAD GROUP | CLASSIFIER name [WITH (OPTION = value [,] …)]; the cursor stands on WORKLOAD. */
export function parseWorkload(c: Cursor, mode: 'create' | 'alter' | 'drop'): StatementBody {
  c.expect('WORKLOAD');
  const type = c.accept('GROUP') ? 'group' : 'classifier';
  if (type === 'classifier') c.expect('CLASSIFIER');
  const name = c.identifier();
  if (mode === 'drop') return { kind: 'workload', mode, type, name, options: {} };
  c.expect('WITH', '(');
  const options: Record<string, string> = {};
  do {
    const option = c.take().text.toUpperCase();
    c.expect('=');
    options[option] = c.take().text;
    c.accept(',');
  } while (!c.accept(')'));
  return { kind: 'workload', mode, type, name, options: options satisfies Options };
}
