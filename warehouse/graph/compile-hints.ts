import type { CoreError } from './core';
import { missingInput, missingName } from './core-messages';
import { nearestNames } from './nearest';

const actionTypes = ['table', 'view', 'incremental', 'inline', 'operations', 'assertion', 'test', 'declaration'];

/** What to change, for the errors of core that a person meets. `names` are the definitions of the project. */
export function hintFor(
  { fileName = '', message = '', stack = '' }: CoreError,
  names: readonly string[],
): string | undefined {
  const missing = missingName(message) ?? /^Dataset (.+) could not be found\.$/.exec(message)?.[1];
  if (missing) {
    const near = nearestNames(missing, names);
    return near.length
      ? `Did you mean ${near.join(' or ')}?`
      : 'Declare it (type: "declaration") or correct the ref().';
  }
  const input = missingInput(message);
  if (input) return `Add to the test: input "${input}" { SELECT … }`;
  if (message.startsWith('Duplicate')) return 'Rename one of them, or set another "schema" in its config block.';
  if (message.startsWith('Circular dependency')) return 'Take one ref() or entry of "dependencies" out of the circle.';
  if (message.startsWith('Semi-colons')) return 'Take the ; at the end of the query away.';
  if (message.startsWith('Ambiguous Action name')) return 'Name the schema too: ref("schema", "name").';
  if (message.startsWith("Actions may only specify 'database'"))
    return 'Core rejects `sqldatawarehouse` in a config block: load an include that carries it, as includes/synapse.js does.';
  const type = /^Unrecognized action type: (\w+)/.exec(message)?.[1];
  if (type) return `Did you mean ${nearestNames(type, actionTypes)[0] ?? actionTypes.join(', ')}?`;
  const property = /^Unexpected property "(\w+)" in [\w ]+\. Supported properties are: (\[.*\])/s.exec(message);
  if (property) return propertyHint(property[1]!, JSON.parse(property[2]!) as string[]);
  const undefinedName = /^(\w+) is not defined$/.exec(message)?.[1];
  if (undefinedName && fileName.startsWith('includes/'))
    return `An include that is being loaded sees no other one by name: const ${undefinedName} = require('./${undefinedName}').`;
  if (undefinedName) return `Define ${undefinedName} in includes/, or escape the \${ of the text with a backslash.`;
  if (stack.includes('SyntaxError'))
    return 'Look at and above this line for a missing or extra brace, quote or comma in a config block or a ${ … }.';
  return undefined;
}

function propertyHint(name: string, supported: readonly string[]): string {
  if (['distribution', 'index'].includes(name)) return `Write it inside sqldatawarehouse: { ${name}: … }.`;
  const near = nearestNames(name, supported);
  return near.length ? `Did you mean ${near.join(' or ')}?` : `There are: ${supported.join(', ')}.`;
}
