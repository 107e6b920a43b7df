/** All built-in functions whose answer depends on their arguments only, by upper-case name. */
import { DATE_FUNCTIONS } from './dates';
import { FORMAT_FUNCTIONS } from './format';
import { HASH_FUNCTIONS } from './hashes';
import { JSON_FUNCTIONS } from './json';
import { LOGIC_FUNCTIONS } from './logic';
import { MATH_FUNCTIONS } from './math';
import type { FunctionSpec } from './spec';
import { STRING_FUNCTIONS } from './strings';

export const BUILT_IN: ReadonlyMap<string, FunctionSpec> = new Map(
  [
    STRING_FUNCTIONS,
    DATE_FUNCTIONS,
    MATH_FUNCTIONS,
    JSON_FUNCTIONS,
    LOGIC_FUNCTIONS,
    FORMAT_FUNCTIONS,
    HASH_FUNCTIONS,
  ].flatMap((f) => Object.entries(f)),
);
