import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** In place of a figure that is not there, or not yet. */
export const noFigure = '–';

interface CardProps {
  label: string;
  /** The rounded figure. */
  value: string;
  /** The exact figure, where `value` is rounded. */
  exact?: string;
  /** What it means, or from what it is made. */
  note?: ComponentChildren;
  tone?: 'good' | 'warn' | 'bad';
}

/** One headline figure. A new value is marked for a moment, so that a live refresh is seen. */
export function Card({ label, value, exact, note, tone }: CardProps) {
  const figure = exact ?? value;
  const first = useRef(figure);
  if (first.current === noFigure) first.current = figure;
  return (
    <div class={`card ${tone ?? ''}`} role="group" aria-label={label}>
      <div class="card-label">{label}</div>
      <div class={figure === first.current ? 'card-value' : 'card-value renewed'} key={figure}>
        {value}
      </div>
      {exact && exact !== value && <div class="card-exact">{exact}</div>}
      {note && <div class="card-note">{note}</div>}
    </div>
  );
}

/** The first cards of a page are its first figures; a mark says when they were there. */
export function Cards({ children }: { children: ComponentChildren }) {
  useEffect(() => void performance.mark('figures-shown'), []);
  return <div class="cards">{children}</div>;
}
