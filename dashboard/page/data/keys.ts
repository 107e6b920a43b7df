/**
 * The item that a key leads to in a chart of `count` items.
 * @param active the item that is active now; undefined = none.
 * @returns undefined when the key leads nowhere.
 */
export function movedIndex(key: string, active: number | undefined, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return active === undefined ? 0 : Math.min(active + 1, count - 1);
    case 'ArrowLeft':
    case 'ArrowUp':
      return active === undefined ? count - 1 : Math.max(active - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
