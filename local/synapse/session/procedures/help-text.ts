import type { SystemProcedure } from '../../contract';
import { quote, required } from './text';

/** sp_helptext: the text of a module, one row for each of its lines. */
export const spHelpText: SystemProcedure = {
  parameters: ['@objname'],
  batch(given) {
    const name = required(given, '@objname', 'sp_helptext');
    return `IF OBJECT_ID(${quote(name)}) IS NULL RAISERROR(15009, -1, -1, ${quote(name)}, DB_NAME());
      ELSE IF OBJECT_DEFINITION(OBJECT_ID(${quote(name)})) IS NULL RAISERROR(15197, -1, -1, ${quote(name)});
      ELSE
      SELECT CAST(value + CASE WHEN LEAD(ordinal) OVER (ORDER BY ordinal) IS NULL THEN '' ELSE CHAR(10) END AS nvarchar(255)) AS Text
      FROM STRING_SPLIT(OBJECT_DEFINITION(OBJECT_ID(${quote(name)})), CHAR(10), 1) ORDER BY ordinal`;
  },
};
