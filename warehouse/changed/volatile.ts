import type { Action } from '../graph/model';

/** Functions whose value differs from one moment, session or call to the next. */
const volatileCalls =
  /\b(?:SYSUTCDATETIME|SYSDATETIME|SYSDATETIMEOFFSET|GETDATE|GETUTCDATE|NEWID|NEWSEQUENTIALID|RAND|CRYPT_GEN_RANDOM|SESSION_CONTEXT|SUSER_SNAME|USER_NAME)\s*\(|\bCURRENT_TIMESTAMP\b|@@\w+/i;

/** Why an action gives something else each time, whatever it reads; undefined when it does not. */
export function whyVolatile(action: Action, runId: string): string | undefined {
  if (action.kind === 'operations' && !action.hasOutput) return 'an operation without a table of its own';
  const sql = sqlOf(action).join('\n');
  if (sql.includes(runId)) return 'reads the run id';
  return volatileCalls.test(sql) ? 'reads the clock, chance or the session' : undefined;
}

function sqlOf(action: Action): readonly string[] {
  if (action.kind === 'assertion') return [action.query];
  if (action.kind === 'operations') return action.queries;
  const { query, incrementalQuery, preOps, postOps, incrementalPreOps, incrementalPostOps } = action;
  return [query, incrementalQuery ?? '', ...preOps, ...postOps, ...incrementalPreOps, ...incrementalPostOps];
}
