/** SELECT @a = 1, @b = @a + 1: assignments happen from left to right, so a later one sees what an earlier one gave. */
import type { Expr } from '../syntax/ast';

export interface Assigned {
  /** The values with earlier assignments put in the place of their variables. */
  readonly values: readonly Expr[];
  /** A variable that a row reads as the row before it left it (`@s = @s + x`): right for one row only. */
  readonly carried: string | undefined;
}

export function sequential(values: readonly Expr[], names: readonly string[]): Assigned {
  const made: Expr[] = [];
  let carried: string | undefined;
  values.forEach((value, at) => {
    const lookUp = (name: string): Expr | undefined => {
      const earlier = names.slice(0, at).findLastIndex((x) => x.toLowerCase() === name.toLowerCase());
      if (earlier >= 0) return made[earlier];
      if (names.some((x) => x.toLowerCase() === name.toLowerCase())) carried = name;
      return undefined;
    };
    made.push(replaced(value, lookUp) as Expr);
  });
  return { values: made, carried };
}

/** `node` with variables replaced; every part of an expression is an object or a list of objects. */
function replaced(node: unknown, lookUp: (name: string) => Expr | undefined): unknown {
  if (Array.isArray(node)) return node.map((part) => replaced(part, lookUp));
  if (typeof node !== 'object' || node === null) return node;
  const { kind, name } = node as { kind?: string; name?: unknown };
  if (kind === 'variable' && typeof name === 'string') return lookUp(name) ?? node;
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, replaced(part, lookUp)]));
}
