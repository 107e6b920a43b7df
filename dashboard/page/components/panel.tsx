import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

interface PanelProps {
  title: string;
  /** One sentence under the title: what is shown, in which unit. */
  note?: ComponentChildren;
  /** The same data as a table; the reader switches between the two. */
  table?: ComponentChildren;
  /** Controls beside the title. */
  controls?: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}

/** A titled section of a view: a chart with the table behind it. */
export function Panel({ title, note, table, controls, wide, children }: PanelProps) {
  const id = useId();
  const [showsTable, setShowsTable] = useState(false);
  return (
    <section class={wide ? 'panel wide' : 'panel'} aria-labelledby={id}>
      <header class="panel-head">
        <div>
          <h2 id={id}>{title}</h2>
          {note && <p class="note">{note}</p>}
        </div>
        <div class="panel-controls">
          {controls}
          {table && (
            <button
              type="button"
              class="quiet-button"
              aria-pressed={showsTable}
              aria-label={`Show ${title} as a table`}
              onClick={() => setShowsTable(!showsTable)}
            >
              <TableIcon /> Table
            </button>
          )}
        </div>
      </header>
      <div>{showsTable ? table : children}</div>
    </section>
  );
}

function TableIcon() {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M2 3.500h12v9H2zM2 6.500h12M2 9.500h12M6.500 6.500v6" />
    </svg>
  );
}
