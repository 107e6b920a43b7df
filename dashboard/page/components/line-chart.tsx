import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useMemo, useState } from 'preact/hooks';
import { movedIndex } from '../data/keys';
import { formatMonth } from '../data/times';
import { Tooltip } from './tooltip';
import { useWidth } from './use-width';

export interface Series {
  color: string;
  label: string;
  /** One a date, for the place of the point only. */
  values: number[];
  /** The exact value of a point. */
  text(at: number): string;
}

interface LineChartProps {
  label: string;
  /** Ascending; the axis is one of real time. */
  dates: Date[];
  series: Series[];
  formatDate(date: Date): string;
  /** For the ticks of the value axis. */
  formatTick(value: number): string;
}

const height = 260;
const margin = { top: 12, right: 12, bottom: 28, left: 56 };

/** Lines over time from zero. The arrow keys, or the pointer, go from point to point. */
export function LineChart({ label, dates, series, formatDate, formatTick }: LineChartProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const [active, setActive] = useState<number>();
  const largest = Math.max(...series.flatMap(({ values }) => values), 1);
  const x = useMemo(
    () => scaleUtc([dates[0]!, dates.at(-1)!], [margin.left, Math.max(width - margin.right, margin.left + 1)]),
    [dates, width],
  );
  const y = scaleLinear([0, largest], [height - margin.bottom, margin.top]).nice(4);
  const nearest = (pageX: number, box: DOMRect) => {
    const time = x.invert(pageX - box.left).getTime();
    const distances = dates.map((date) => Math.abs(date.getTime() - time));
    return distances.indexOf(Math.min(...distances));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = movedIndex(event.key, active, dates.length);
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
  };
  const activeX = active === undefined ? 0 : x(dates[active]!);
  return (
    <div
      ref={element}
      class="line-chart"
      role="group"
      aria-label={`${label}. Arrow keys go from point to point.`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => setActive(undefined)}
      onPointerMove={(event) => setActive(nearest(event.clientX, event.currentTarget.getBoundingClientRect()))}
      onPointerLeave={() => setActive(undefined)}
    >
      {width > 0 && (
        <svg width={width} height={height} aria-hidden="true">
          {y.ticks(4).map((tick) => (
            <g key={tick} transform={`translate(0,${y(tick)})`}>
              <line class={tick === 0 ? 'base' : 'gridline'} x1={margin.left} x2={width - margin.right} />
              <text class="tick" x={margin.left - 10} dy="0.32em" text-anchor="end">
                {formatTick(tick)}
              </text>
            </g>
          ))}
          {timeTicks(x, width).map(({ date, text }) => (
            <g key={date.getTime()} transform={`translate(${x(date)},${height - margin.bottom})`}>
              <line class="base" y2={5} />
              <text class="tick" y={20} text-anchor="middle">
                {text}
              </text>
            </g>
          ))}
          {series.map((one, at) => (
            <Line key={one.label} series={one} x={(point) => x(dates[point]!)} y={y} filled={at === 0} />
          ))}
          {active !== undefined && (
            <g>
              <line class="cursor" x1={activeX} x2={activeX} y1={margin.top} y2={height - margin.bottom} />
              {series.map(({ color, label: name, values }) => (
                <circle key={name} class={`dot fill-${color}`} cx={activeX} cy={y(values[active]!)} r={4.5} />
              ))}
            </g>
          )}
        </svg>
      )}
      {active !== undefined && (
        <div
          class={activeX > width / 2 ? 'tooltip-place left' : 'tooltip-place'}
          style={{ insetInlineStart: `${activeX}px` }}
        >
          <Tooltip
            title={formatDate(dates[active]!)}
            lines={series.map((one) => ({ label: one.label, color: one.color, value: one.text(active) }))}
          />
        </div>
      )}
    </div>
  );
}

interface LineProps {
  series: Series;
  x(point: number): number;
  y(value: number): number;
  filled: boolean;
}

function Line({ series: { color, values }, x, y, filled }: LineProps) {
  const place = (_: number, at: number) => x(at);
  return (
    <g>
      {filled && <path class={`area fill-${color}`} d={area<number>(place, y(0), y)(values) ?? ''} />}
      <path class={`line fill-${color}`} d={line<number>(place, y)(values) ?? ''} />
    </g>
  );
}

/** Years, or months where the time is short; as many as there is room for. */
function timeTicks(x: ReturnType<typeof scaleUtc<number>>, width: number): { date: Date; text: string }[] {
  const ticks = x.ticks(Math.max(2, Math.floor(width / 110)));
  const yearly = ticks.every((date) => date.getUTCMonth() === 0);
  return ticks.map((date) => ({ date, text: yearly ? String(date.getUTCFullYear()) : formatMonth(date) }));
}
