/** One object or property of a TMDL file (Tabular Model Definition Language), with what is indented below it. */
export interface TmdlNode {
  /** `table`, `column`, `measure`, …; for a property its name. */
  kind: string;
  /** The object's name, unquoted; '' for a property. */
  name: string;
  /** What stands after `=` or `:`, or the block below; undefined where there is neither. */
  value?: string;
  /** The text of the `///` lines above. */
  description: string;
  isProperty: boolean;
  children: TmdlNode[];
}

/** Objects and properties that may stand in an object, as far as this project uses the language. */
const grammar: Record<string, { objects: string[]; properties: string[] }> = {
  '': { objects: ['model', 'database', 'table', 'relationship', 'expression', 'ref'], properties: [] },
  database: { objects: [], properties: ['compatibilityLevel'] },
  model: {
    objects: ['annotation'],
    properties: ['culture', 'defaultPowerBIDataSourceVersion', 'sourceQueryCulture', 'dataAccessOptions'],
  },
  dataAccessOptions: { objects: [], properties: ['legacyRedirects', 'returnErrorValuesAsNull'] },
  table: { objects: ['column', 'measure', 'partition', 'annotation'], properties: ['lineageTag', 'isHidden'] },
  column: {
    objects: ['annotation'],
    properties: [
      'dataType',
      'formatString',
      'isHidden',
      'isKey',
      'lineageTag',
      'sortByColumn',
      'sourceColumn',
      'summarizeBy',
    ],
  },
  measure: { objects: ['annotation'], properties: ['formatString', 'lineageTag', 'displayFolder', 'isHidden'] },
  partition: { objects: ['annotation'], properties: ['mode', 'source'] },
  expression: { objects: ['annotation'], properties: ['lineageTag'] },
  relationship: { objects: ['annotation'], properties: ['fromColumn', 'toColumn', 'isActive'] },
};

const objectLine = /^(model|database|table|relationship|expression|column|measure|partition|annotation|ref [a-z]+)\b ?(.*)$/i;
const propertyLine = /^([A-Za-z]+)(?:: (.*)| =(?: (.*))?)?$/;
const nameAndValue = /^('(?:[^']|'')+'|[^\s=']+)?(?: ?=(?: (.*))?)?$/;

/**
 * Parses TMDL: indentation by tabs is structure, `///` is a description, an expression follows `=` on the line or in a
 * block two steps deeper. @throws Error with file and line for anything that the grammar above does not know.
 */
export function parseTmdl(file: string, text: string): TmdlNode[] {
  const lines = text.split(/\r?\n/);
  const root: TmdlNode = { kind: '', name: '', description: '', isProperty: false, children: [] };
  const open: TmdlNode[] = [root];
  let description: string[] = [];
  const problem = (at: number, what: string) => new Error(`${file}:${at + 1}: ${what}`);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.trim() === '') continue;
    const depth = tabs(line);
    const content = line.slice(depth);
    if (content.startsWith(' ')) throw problem(at, 'indented by spaces');
    if (content.startsWith('///')) {
      description.push(content.slice(3).trim());
      continue;
    }
    if (depth >= open.length) throw problem(at, 'indented too deep');
    open.length = depth + 1;
    const parent = open[depth]!;
    const allowed = grammar[parent.kind] ?? { objects: [], properties: [] };
    const parsed = parseObject(content, allowed.objects) ?? parseProperty(content);
    if (!parsed) throw problem(at, `'${content}' is no TMDL`);
    if (parsed.isProperty && !allowed.properties.includes(parsed.kind))
      throw problem(at, `'${parsed.kind}' may not stand in ${parent.kind || 'the file'}`);
    const node: TmdlNode = { ...parsed, description: description.join('\n'), children: [] };
    if (node.value === '') {
      const block: string[] = [];
      while (at + 1 < lines.length && (lines[at + 1]!.trim() === '' || tabs(lines[at + 1]!) >= depth + 2))
        block.push(lines[++at]!.slice(depth + 2));
      node.value = block.join('\n').trimEnd();
      if (!node.value) throw problem(at, `${node.kind} has no expression`);
    }
    parent.children.push(node);
    open.push(node);
    description = [];
  }
  return root.children;
}

function tabs(line: string): number {
  return /^\t*/.exec(line)![0].length;
}

type Parsed = Pick<TmdlNode, 'kind' | 'name' | 'value' | 'isProperty'>;

/** `column 'Payer group' = …` where the parent may hold a column. */
function parseObject(content: string, objects: readonly string[]): Parsed | undefined {
  const [, kind, rest] = objectLine.exec(content) ?? [];
  const parts = nameAndValue.exec(rest ?? '');
  if (!kind || !parts || !objects.includes(kind.split(' ')[0]!)) return undefined;
  return { kind, name: unquoted(parts[1] ?? ''), value: valueOf(rest!, parts[2]), isProperty: false };
}

/** `dataType: string`, `isHidden` or `source =`. */
function parseProperty(content: string): Parsed | undefined {
  const parts = propertyLine.exec(content);
  if (!parts) return undefined;
  return { kind: parts[1]!, name: '', value: parts[2] ?? valueOf(content, parts[3]), isProperty: true };
}

/** What stands after `=`: '' where a block follows, undefined where there is no `=`. */
function valueOf(text: string, value: string | undefined): string | undefined {
  return value ?? (text.includes('=') ? '' : undefined);
}

/** `'Payer months'` → `Payer months`. */
export function unquoted(name: string): string {
  return name.startsWith("'") ? name.slice(1, -1).replaceAll("''", "'") : name;
}

/** The value of a property of an object, or undefined. */
export function property(node: TmdlNode, kind: string): string | undefined {
  return node.children.find((child) => child.kind === kind && child.isProperty)?.value;
}
