import type { ComponentChildren } from 'preact';

export interface Column<Item> {
  title: string;
  /** Figures stand right, in columns of digits. */
  numeric?: boolean;
  /** Sentences, which may take several lines. */
  prose?: boolean;
  cell(item: Item): ComponentChildren;
  /** The column's cell in the row of totals. */
  total?: ComponentChildren;
}

interface DataTableProps<Item> {
  caption: string;
  columns: Column<Item>[];
  items: readonly Item[];
  keyOf(item: Item): string | number;
}

/** A table that scrolls inside its panel. The first column names the row. */
export function DataTable<Item>({ caption, columns, items, keyOf }: DataTableProps<Item>) {
  const hasTotal = columns.some(({ total }) => total !== undefined);
  const alignment = ({ numeric, prose }: Column<Item>) => (numeric ? 'numeric' : prose ? 'prose' : undefined);
  return (
    <div class="table-scroll" role="group" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={alignment(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.title} scope="row">
                    {column.cell(item)}
                  </th>
                ) : (
                  <td key={column.title} class={alignment(column)}>
                    {column.cell(item)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {hasTotal && (
          <tfoot>
            <tr>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.title} scope="row">
                    {column.total}
                  </th>
                ) : (
                  <td key={column.title} class={alignment(column)}>
                    {column.total}
                  </td>
                ),
              )}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
