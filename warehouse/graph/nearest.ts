/** The (at most three) names that look most like `name`: for "did you mean". */
export function nearestNames(name: string, candidates: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const scored: [number, string][] = [];
  for (const candidate of new Set(candidates)) {
    const lower = candidate.toLowerCase();
    const short = lower.slice(lower.lastIndexOf('.') + 1);
    const contained = wanted.length > 2 && lower.includes(wanted) ? 1 : Infinity;
    const score = Math.min(distance(wanted, lower), distance(wanted, short), contained);
    if (score <= limit) scored.push([score, candidate]);
  }
  scored.sort((a, b) => a[0] - b[0] || a[1].localeCompare(b[1]));
  return scored.slice(0, 3).map(([, candidate]) => candidate);
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 12) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
