import type { ComponentChildren } from 'preact';

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
  return (
    <div class={`card ${tone ?? ''}`} role="group" aria-label={label}>
      <div class="card-label">{label}</div>
      <div class="card-value" key={exact ?? value}>
        {value}
      </div>
      {exact && exact !== value && <div class="card-exact">{exact}</div>}
      {note && <div class="card-note">{note}</div>}
    </div>
  );
}

export function Cards({ children }: { children: ComponentChildren }) {
  return <div class="cards">{children}</div>;
}
