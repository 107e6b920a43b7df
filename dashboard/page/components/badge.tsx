import type { ComponentChildren } from 'preact';

/** A state in a word, told by text and sign and not by colour alone. */
export function Badge({ tone, children }: { tone: 'good' | 'warn' | 'bad' | 'plain'; children: ComponentChildren }) {
  const signs = {
    good: 'M3 8.500l3.200 3.200L13 5',
    warn: 'M8 3.500v5.500M8 11.800v.4',
    bad: 'M4 4l8 8M12 4l-8 8',
    plain: '',
  };
  return (
    <span class={`badge ${tone}`}>
      {signs[tone] && (
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d={signs[tone]} />
        </svg>
      )}
      {children}
    </span>
  );
}
