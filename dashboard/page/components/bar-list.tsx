import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { movedIndex } from '../data/keys';
import { Tooltip, type TooltipLine } from './tooltip';

export interface Bar {
  /** A colour of the page: `encounters`, `cost`, `payments`, … */
  color: string;
  /** For the length only. */
  value: number;
  /** At the bar's end. */
  text: string;
}

export interface BarRow {
  key: string;
  label: ComponentChildren;
  /** Bars of one row stand beside each other, never on top. */
  bars: Bar[];
  details: TooltipLine[];
}

interface BarListProps {
  label: string;
  rows: BarRow[];
  /** The value of a bar over the whole width; the largest value where it is left out. */
  fullWidth?: number;
  /** Rows as high as those with two bars, to stand beside such a chart. */
  tall?: boolean;
}

/** Horizontal bars from a common zero, each with its value. Arrow keys go from row to row. */
export function BarList({ label, rows, fullWidth, tall }: BarListProps) {
  const [active, setActive] = useState<number>();
  const largest = Math.max(...rows.flatMap(({ bars }) => bars.map(({ value }) => value)), fullWidth ?? 0);
  const width = (value: number) => (value > 0 ? `max(2px, ${(value / largest) * 100}%)` : '0');
  const onKeyDown = (event: KeyboardEvent) => {
    const next = movedIndex(event.key, active, rows.length);
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
  };
  return (
    <ul
      class={tall ? 'bar-list tall' : 'bar-list'}
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => setActive(undefined)}
      onPointerLeave={() => setActive(undefined)}
    >
      {rows.map((row, at) => (
        <li key={row.key} class={active === at ? 'bar-row active' : 'bar-row'} onPointerEnter={() => setActive(at)}>
          <span class="bar-label">{row.label}</span>
          <span class="bars">
            {row.bars.map((bar) => (
              <span key={bar.color} class="bar-line">
                <span class="bar-track">
                  <span class={`bar fill-${bar.color}`} style={{ width: width(bar.value) }} />
                </span>
                <span class="bar-value">{bar.text}</span>
              </span>
            ))}
          </span>
          {active === at && <Tooltip title={row.label} lines={row.details} />}
        </li>
      ))}
    </ul>
  );
}
