import type { PlanSummary } from './plan';

const shapes = {
  table: 'box',
  view: 'ellipse',
  incremental: 'box3d',
  operations: 'cds',
  assertion: 'diamond',
} as const;

/** The plan as a Graphviz graph: `medstream plan --dot | dot -Tsvg > plan.svg`. */
export function planDot({ actions }: PlanSummary): string {
  const lines = ['digraph plan {', '  rankdir=LR; node [fontname="Helvetica"];'];
  for (const { action, kind, reason } of actions) {
    const style = ['selected', 'disabled', 'unchanged'].includes(reason) ? '' : ', style=filled, fillcolor="#dbeafe"';
    lines.push(`  ${id(action)} [shape=${shapes[kind]}, tooltip=${id(reason)}${style}];`);
  }
  for (const { action, after } of actions) for (const before of after) lines.push(`  ${id(before)} -> ${id(action)};`);
  return [...lines, '}'].join('\n');
}

function id(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}
