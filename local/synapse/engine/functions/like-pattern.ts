/** The patterns of LIKE and PATINDEX. */
const literally = (char: string): string => char.replace(/[\\^$.*+?()|{}[\]-]/, '\\$&');
/** A LIKE pattern as an RE2 expression. A class that does not end matches nothing; so does an escape at the end. */
export function likeToRegex(pattern: string, escape?: string): string {
  const chars = [...pattern];
  const nothing = '[^\\s\\S]';
  let out = '';
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    if (char === escape) {
      if (++i === chars.length) return nothing;
      out += literally(chars[i]!);
    } else if (char === '%') out += '.*';
    else if (char === '_') out += '.';
    else if (char === '[') {
      const negated = chars[i + 1] === '^';
      let body = '';
      let at = i + (negated ? 2 : 1);
      // The first character belongs to the class, even when it is a bracket.
      for (const start = at; at < chars.length && (chars[at] !== ']' || at === start); at++) {
        const isRange = chars[at + 1] === '-' && at + 2 < chars.length && ![']', escape].includes(chars[at + 2]!);
        if (chars[at] === escape && at + 1 < chars.length) body += literally(chars[++at]!);
        else if (isRange && chars[at] !== '-' && chars[at]! > chars[at + 2]!) at += 2;
        else body += chars[at] === '-' ? '-' : literally(chars[at]!);
      }
      if (at >= chars.length) return nothing;
      // A range from a later to an earlier character holds none.
      if (!body && !negated) return nothing;
      out += body ? `[${negated ? '^' : ''}${body}]` : '.';
      i = at;
    } else out += literally(char);
  }
  return out;
}

/** The expression of a pattern that is known only when a query runs; `escape` is '' where there is none. Msg 506 for several characters. */
export function patternRegex(pattern: string, escape: string): string {
  if ([...escape].length > 1)
    throw new Error(`TSQL:506:The invalid escape character "${escape}" was specified in a LIKE predicate.`);
  return likeToRegex(pattern, escape || undefined);
}
