/**
 * Order of values that DuckDB orders otherwise: keys that compare byte by byte. Text follows SQL_Latin1_General_CP1_CI_AS: punctuation, then digits,
 * then letters without regard to case, accents only where the letters tie. Unicode text (nvarchar) compares as words: hyphens and
 * apostrophes count only between otherwise equal words, and `+ < = >` come after other punctuation.
 *
 * Most text needs nothing but lower(). Characters that stand elsewhere than in ASCII become a slash, the last code point there is and
 * their place among each other, which sorts behind `/` and everything after it, and before `0`.
 */
const PLAIN = "'[ -/0-9A-Za-z]*'";
const PLAIN_UNICODE = `'[ !"#$%&()*,./0-9A-Za-z]*'`;
const HYPHENATED = `'[ !"#$%&()*,./0-9A-Za-z-]*'`;
const RARE = ':;<=>?@[\\]^_`{|}~';
const RARE_UNICODE = ':;?@[\\]^_`{|}~+<=>';

const privateUse = (count: number): string =>
  Array.from({ length: count }, (_, i) => String.fromCodePoint(0xe000 + i)).join('');
const placed = (text: string, rare: string): string => {
  const places = privateUse(rare.length);
  return `regexp_replace(translate(${text}, '${rare}', '${places}'), '([${places}])', '/\u{10ffff}\\1', 'g')`;
};

export const COLLATION: readonly string[] = [
  `base_letters(l) AS CASE WHEN strlen(l) = length(l) THEN l ELSE replace(replace(replace(replace(strip_accents(l), 'æ', 'ae'), 'ß', 'ss'), 'ø', 'o'), 'œ', 'oe') END`,
  `sort_rare(l) AS ${placed('tsql.base_letters(l)', RARE)} || CASE WHEN strlen(l) = length(l) THEN '' ELSE chr(1) || l END`,
  `words(l) AS replace(replace(l, '-', ''), '''', '')`,
  `sort_rare_unicode(l) AS ${placed('tsql.words(tsql.base_letters(l))', RARE_UNICODE)} || CASE WHEN strlen(l) = length(l) AND tsql.words(l) = l THEN '' ELSE chr(1) || l END`,
  `trimmed(x) AS CASE WHEN ends_with(x, ' ') THEN rtrim(x, ' ') ELSE x END`,
  `sort_text(x) AS CASE WHEN regexp_full_match(x, ${PLAIN}) THEN lower(tsql.trimmed(x)) ELSE tsql.sort_rare(lower(tsql.trimmed(x))) END`,
  `sort_unicode(x) AS CASE WHEN regexp_full_match(x, ${PLAIN_UNICODE}) THEN lower(rtrim(x, ' ')) WHEN regexp_full_match(x, ${HYPHENATED}) THEN replace(lower(rtrim(x, ' ')), '-', '') || chr(1) || lower(rtrim(x, ' ')) ELSE tsql.sort_rare_unicode(lower(rtrim(x, ' '))) END`,
  `swapped_case(x) AS translate(rtrim(x, ' '), 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')`,
  // The last six bytes weigh most, then two by two from the right.
  `sort_guid(u) AS list_transform([replace(CAST(u AS VARCHAR), '-', '')], lambda h: substring(h, 21) || substring(h, 17, 4) || substring(h, 15, 2) || substring(h, 13, 2) || substring(h, 11, 2) || substring(h, 9, 2) || substring(h, 7, 2) || substring(h, 5, 2) || substring(h, 3, 2) || substring(h, 1, 2))[1]`,
];
