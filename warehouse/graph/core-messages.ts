/** What core's error messages name. */

/** The name that a ref asks for and nobody has. */
export function missingName(message: string): string | undefined {
  const resolvable =
    /^Could not resolve (.+)$/s.exec(message)?.[1] ??
    /depends on "(.+)" which does not exist$/s.exec(message)?.[1] ??
    undefined;
  if (!resolvable) return undefined;
  try {
    const parsed = JSON.parse(resolvable) as string | { schema?: string; name: string };
    return typeof parsed === 'string' ? parsed : [parsed.schema, parsed.name].filter(Boolean).join('.');
  } catch {
    return resolvable;
  }
}

/** The name of a reference for which a unit test has no rows. */
export function missingInput(message: string): string | undefined {
  const found = /^Input for dataset "(?:\{.*"name":"([^"]+)".*\}|([^"]+))" has not been provided/.exec(message);
  return found?.[1] ?? found?.[2];
}
