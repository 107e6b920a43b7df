import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { projectRoot } from '../../common/project-root';

interface Rule {
  id: string;
  dataset: string;
  name: string;
  action: string;
  severity: string;
  check: string;
  description: string;
}
interface Alert {
  id: string;
  name: string;
  severity: string;
  message: string;
}

const include = createRequire(path.join(projectRoot, 'includes', 'data_rules.js'));
const { streamRules, tableRules } = include('./data_rules.js') as { streamRules: Rule[]; tableRules: Rule[] };
const { alerts } = include('./alert_rules.js') as { alerts: Alert[] };

export const rulesPage = path.join(projectRoot, 'docs', 'data-quality.md');
/** All rule ids that the page must explain. */
export const ruleIds = [...streamRules, ...tableRules, ...alerts].map(({ id }) => id);

const generated = /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The page with its generated tables as includes/ has the rules now. */
export function currentRulesPage(page: string): string {
  const tables: Record<string, string> = {
    stream: ruleTable(streamRules),
    tables: ruleTable(tableRules, true),
    alerts: table(
      ['id', 'alert', 'severity', 'what it means'],
      alerts.map(({ id, name, severity, message }) => [id, `\`${name}\``, severity, message]),
    ),
  };
  return page.replace(generated, (_all, start: string, name: string, end: string) => {
    if (!tables[name]) throw new Error(`docs/data-quality.md: there is no table "${name}" to generate.`);
    return `${start}${tables[name]}\n${end}`;
  });
}

function ruleTable(rules: readonly Rule[], withTable = false): string {
  return table(
    ['id', 'rule', ...(withTable ? ['table'] : []), 'demands', 'when it is broken', 'action'],
    rules.map((rule) => [
      rule.id,
      `\`${rule.name}\``,
      ...(withTable ? [rule.dataset] : []),
      rule.check,
      rule.description,
      rule.action,
    ]),
  );
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(line)].join('\n');
}

/** `node dist/tests/support/rules-page.js` writes the page anew. */
if (require.main === module) writeFileSync(rulesPage, currentRulesPage(readFileSync(rulesPage, 'utf8')));
