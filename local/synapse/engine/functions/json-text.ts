/**
 * JSON as text: what SQL Server returns of a document is the document's own characters (`1.50`, `[1, 2]`), which a parser forgets.
 * Documents are valid JSON. Paths are DuckDB's: `$."a b"[0]` or `$.a`.
 */
type Step = string | number;

const PATH_STEP = /\.\s*(?:("(?:[^"\\]|\\.)*")|([^.[\s"]+))|\[\s*(\d+)\s*\]/g;
const readPath = (path: string): Step[] =>
  [...path.matchAll(PATH_STEP)].map(([, quoted, word, index]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(quoted) as string) : word!,
  );

const blank = (text: string, at: number): number => {
  while (' \t\r\n'.includes(text[at] ?? 'x')) at++;
  return at;
};
function stringEnd(text: string, at: number): number {
  for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
  return at + 1;
}
/** Where the value that begins at `at` ends. */
function valueEnd(text: string, at: number): number {
  const first = text[at]!;
  if (first === '"') return stringEnd(text, at);
  if (first !== '{' && first !== '[') {
    while (at < text.length && !',]} \t\r\n'.includes(text[at]!)) at++;
    return at;
  }
  for (let depth = 0; ; at++) {
    const char = text[at];
    if (char === '"') at = stringEnd(text, at) - 1;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
  }
}

interface Member {
  readonly key: Step;
  /** Of the key (or the element). */
  readonly from: number;
  readonly start: number;
  readonly end: number;
}
/** Members of the object or elements of the array at `at`. */
function* members(text: string, at: number): Generator<Member> {
  const isObject = text[at] === '{';
  if (!isObject && text[at] !== '[') return;
  let next = blank(text, at + 1);
  for (let n = 0; !'}]'.includes(text[next]!); n++) {
    const from = next;
    let key: Step = n;
    if (isObject) {
      const end = stringEnd(text, next);
      key = JSON.parse(text.slice(next, end)) as string;
      next = blank(text, blank(text, end) + 1);
    }
    const end = valueEnd(text, next);
    yield { key, from, start: next, end };
    next = blank(text, end);
    if (text[next] === ',') next = blank(text, next + 1);
  }
}
function find(text: string, steps: readonly Step[]): { start: number; end: number } | undefined {
  let start = blank(text, 0);
  for (const step of steps) {
    const expected = typeof step === 'number' ? '[' : '{';
    if (text[start] !== expected) return undefined;
    let found: Member | undefined;
    for (const member of members(text, start))
      if (member.key === step) {
        found = member;
        break;
      }
    if (!found) return undefined;
    ({ start } = found);
  }
  return { start, end: valueEnd(text, start) };
}

/** The value at the path as it is written, or null. */
export function jsonRaw(text: string, path: string): string | null {
  const found = find(text, readPath(path));
  return found ? text.slice(found.start, found.end) : null;
}

/** Elements of the array at the path (or the object itself) as a JSON array of their texts. */
export function jsonElements(text: string, path: string): string {
  const found = find(text, readPath(path));
  if (!found) return '[]';
  if (text[found.start] === '{') return JSON.stringify([text.slice(found.start, found.end)]);
  return JSON.stringify([...members(text, found.start)].map(({ start, end }) => text.slice(start, end)));
}

const KINDS: Readonly<Record<string, number>> = { n: 0, '"': 1, t: 3, f: 3, '[': 4, '{': 5 };
/** What OPENJSON gives of the array or object at the path: key `k`, value `v`, type `t`. */
export function jsonPairs(text: string, path: string): string {
  const found = find(text, readPath(path));
  if (!found) return '[]';
  const pairs = [...members(text, found.start)].map(({ key, start, end }) => {
    const raw = text.slice(start, end);
    const t = KINDS[raw[0]!] ?? 2;
    return { k: String(key), v: t === 0 ? null : t === 1 ? (JSON.parse(raw) as string) : raw, t };
  });
  return JSON.stringify(pairs);
}

const missing = (): Error => new Error('TSQL:13608:Property cannot be found on the specified JSON path.');

/**
 * JSON_MODIFY: `value` is JSON text, '' for NULL. `mode` is lax (NULL removes a member, what is missing is added), strict (it must
 * be there, NULL is null) or append.
 */
export function jsonModify(text: string, path: string, mode: string, value: string): string {
  const steps = readPath(path);
  const found = find(text, steps);
  const replace = (start: number, end: number, by: string): string => text.slice(0, start) + by + text.slice(end);
  if (mode.startsWith('append')) {
    const added = value || 'null';
    if (found && text[found.start] === '[') {
      const isEmpty = text[blank(text, found.start + 1)] === ']';
      return replace(found.end - 1, found.end - 1, isEmpty ? added : `,${added}`);
    }
    if (found || mode.endsWith('strict')) throw missing();
    return jsonModify(text, path, 'lax', `[${added}]`);
  }
  const last = steps.at(-1)!;
  if (found) {
    if (value || mode === 'strict' || typeof last === 'number') return replace(found.start, found.end, value || 'null');
    return withoutMember(text, find(text, steps.slice(0, -1))!.start, last);
  }
  if (mode === 'strict') throw missing();
  const parent = find(text, steps.slice(0, -1));
  if (!value || !parent || typeof last === 'number' || text[parent.start] !== '{') return text;
  const isEmpty = text[blank(text, parent.start + 1)] === '}';
  return replace(parent.end - 1, parent.end - 1, `${isEmpty ? '' : ','}${JSON.stringify(last)}:${value}`);
}
function withoutMember(text: string, at: number, key: string): string {
  const all = [...members(text, at)];
  const n = all.findIndex((member) => member.key === key);
  const member = all[n]!;
  const next = all[n + 1];
  if (next) return text.slice(0, member.from) + text.slice(next.from);
  return text.slice(0, n > 0 ? all[n - 1]!.end : member.from) + text.slice(member.end);
}
