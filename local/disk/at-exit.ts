const works = new Set<() => void>();

/**
 * Does synchronous work when the process exits, also where `process.exit` ends it in the middle of something (a second Ctrl-C,
 * a stop that takes too long).
 * @returns takes the work off again.
 */
export function atExit(work: () => void): () => void {
  if (!works.size) process.on('exit', doAll);
  works.add(work);
  return () => {
    works.delete(work);
    if (!works.size) process.off('exit', doAll);
  };
}

function doAll(): void {
  for (const work of works) work();
}
