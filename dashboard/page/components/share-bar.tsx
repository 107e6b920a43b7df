import { formatShare, share } from '../data/units';

export interface Part {
  color: string;
  label: string;
  amount: bigint;
}

interface ShareBarProps {
  label: string;
  parts: Part[];
}

/** The parts of one whole as a single bar; parts of 0 are left out. */
export function ShareBar({ label, parts }: ShareBarProps) {
  const whole = parts.reduce((total, { amount }) => total + amount, 0n);
  const shown = parts.filter(({ amount }) => amount > 0n);
  const text = shown.map((part) => `${part.label} ${formatShare(share(part.amount, whole))}`).join(', ');
  return (
    <div class="share-bar" role="img" aria-label={`${label}: ${text}`}>
      {shown.map(({ color, label: name, amount }) => (
        <span
          key={name}
          class={`share-part fill-${color}`}
          title={`${name}: ${formatShare(share(amount, whole))}`}
          style={{ flexGrow: Number(share(amount, whole)) }}
        />
      ))}
    </div>
  );
}
