/** The XML document of EXPLAIN: operations in order, with what moving rows is estimated to cost. */

/** Where an operation runs. */
export type Location = 'AllDistributions' | 'AllComputeNodes' | 'Control';
export type Move = 'SHUFFLE_MOVE' | 'BROADCAST_MOVE' | 'PARTITION_MOVE';
export type Operation =
  | { readonly kind: 'RND_ID'; readonly id: string }
  | { readonly kind: 'ON'; readonly location: Location; readonly permanent: boolean; readonly sql: string }
  | {
      readonly kind: Move;
      readonly rows: number;
      /** Bytes. */
      readonly rowSize: number;
      readonly source: string;
      readonly destination: string;
      readonly shuffleColumns?: readonly string[];
    }
  | { readonly kind: 'RETURN'; readonly location: Location; readonly sql: string };

/** Milliseconds for each byte that is moved: what the plans of Microsoft's reference come to. */
const COST: Readonly<Record<Move, number>> = { SHUFFLE_MOVE: 3e-5, BROADCAST_MOVE: 2.4e-4, PARTITION_MOVE: 3e-5 };
export const moveCost = (kind: Move, rows: number, rowSize: number): number => COST[kind] * rows * rowSize;

/** `sql` is the explained statement; `candidates` are CREATE statements of materialized views that would serve it. */
export function explainDocument(
  sql: string,
  operations: readonly Operation[],
  distributions: number,
  candidates: readonly string[],
): string {
  let cost = 0;
  const steps = operations.map((operation) => {
    if ('rows' in operation) cost += moveCost(operation.kind, operation.rows, operation.rowSize);
    return `    <dsql_operation operation_type="${operation.kind}">\n${content(operation, cost)}\n    </dsql_operation>`;
  });
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<dsql_query number_nodes="1" number_distributions="${distributions}" number_distributions_per_node="${distributions}">`,
    `  <sql>${text(sql)}</sql>`,
    ...(candidates.length
      ? [
          '  <materialized_view_candidates>',
          ...candidates.map(
            (view) =>
              `    <materialized_view_candidates with_constants="False">${text(view)}</materialized_view_candidates>`,
          ),
          '  </materialized_view_candidates>',
        ]
      : []),
    `  <dsql_operations total_cost="${number(cost)}" total_number_operations="${operations.length}">`,
    ...steps,
    '  </dsql_operations>',
    '</dsql_query>',
  ].join('\n');
}

function content(operation: Operation, accumulated: number): string {
  const lines: string[] = [];
  switch (operation.kind) {
    case 'RND_ID':
      lines.push(`<identifier>${operation.id}</identifier>`);
      break;
    case 'ON':
      lines.push(
        `<location permanent="${operation.permanent}" distribution="${operation.location}" />`,
        '<sql_operations>',
        `  <sql_operation type="statement">${text(operation.sql)}</sql_operation>`,
        '</sql_operations>',
      );
      break;
    case 'RETURN':
      lines.push(`<location distribution="${operation.location}" />`, `<select>${text(operation.sql)}</select>`);
      break;
    default: {
      const { kind, rows, rowSize, source, destination, shuffleColumns } = operation;
      lines.push(
        `<operation_cost cost="${number(moveCost(kind, rows, rowSize))}" accumulative_cost="${number(accumulated)}" average_rowsize="${rowSize}" output_rows="${rows}" />`,
        `<source_statement>${text(source)}</source_statement>`,
        `<destination_table>[${destination}]</destination_table>`,
        ...(shuffleColumns
          ? [`<shuffle_columns>${text(shuffleColumns.map((c) => `${c};`).join(''))}</shuffle_columns>`]
          : []),
      );
    }
  }
  return lines.map((line) => `      ${line}`).join('\n');
}
const number = (value: number): string => String(Number(value.toPrecision(15)));
const text = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
