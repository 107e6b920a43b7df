import type { ComponentChildren } from 'preact';

export interface TooltipLine {
  label: string;
  value: string;
  /** Of the series it belongs to. */
  color?: string;
}

interface TooltipProps {
  title: ComponentChildren;
  lines: TooltipLine[];
}

/** Exact values of what is pointed at; announced when reached by keyboard. Its place is up to the chart. */
export function Tooltip({ title, lines }: TooltipProps) {
  return (
    <span class="tooltip" role="status">
      <span class="tooltip-title">{title}</span>
      {lines.map(({ label, value, color }) => (
        <span key={label} class="tooltip-line">
          <span class="tooltip-label">
            {color && <span class={`swatch fill-${color}`} />}
            {label}
          </span>
          <span class="tooltip-value">{value}</span>
        </span>
      ))}
    </span>
  );
}
