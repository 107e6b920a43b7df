/** Names the colours of a chart. */
export function Legend({ entries }: { entries: { color: string; label: string }[] }) {
  return (
    <ul class="legend">
      {entries.map(({ color, label }) => (
        <li key={color}>
          <span class={`swatch fill-${color}`} /> {label}
        </li>
      ))}
    </ul>
  );
}
