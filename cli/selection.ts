import { type Command, InvalidArgumentError } from 'commander';
import { projectRoot } from '../common/project-root';
import type { Selection } from '../warehouse';

/** Flags of the verbs that work on the Dataform project: those of the stock CLI, and graph selectors. */
export interface ProjectFlags {
  project: string;
  vars?: Record<string, string>;
  schemaSuffix?: string;
}

export interface SelectionFlags extends ProjectFlags {
  select?: string[];
  exclude?: string[];
  actions?: string[];
  tags?: string[];
  includeDeps?: boolean;
  includeDependents?: boolean;
}

export function withProjectFlags(command: Command): Command {
  return command
    .option('--project <dir>', 'folder of dataform.json', projectRoot)
    .option('--vars <name=value...>', 'variables over those of dataform.json', variables)
    .option('--schema-suffix <suffix>', 'build into schemas with this suffix');
}

export function withSelectionFlags(command: Command): Command {
  return withProjectFlags(command)
    .option('--select <selector...>', 'what to take: name, +name+, @name, tag:x, path:x, schema:x, kind:x; a,b = both')
    .option('--exclude <selector...>', 'what to leave out')
    .option('--actions <name...>', 'as the stock CLI: names, schema.name or database.schema.name; * for any text')
    .option('--tags <tag...>', 'as the stock CLI: actions with one of these tags')
    .option('--include-deps', 'also all that the chosen actions depend on')
    .option('--include-dependents', 'also all that depends on the chosen actions');
}

/** The selection part of the flags, and the project. */
export function selectionOf(flags: SelectionFlags): Selection & ProjectOptions {
  const { select, exclude, actions, tags, includeDeps, includeDependents } = flags;
  return { ...projectOf(flags), select, exclude, actions, tags, includeDeps, includeDependents };
}

export interface ProjectOptions {
  projectDir: string;
  vars?: Record<string, string>;
  schemaSuffix?: string;
}

export function projectOf({ project, vars, schemaSuffix }: ProjectFlags): ProjectOptions {
  return { projectDir: project, vars, schemaSuffix };
}

function variables(value: string, previous: Record<string, string> = {}): Record<string, string> {
  const found = { ...previous };
  for (const pair of value.split(',')) {
    const at = pair.indexOf('=');
    if (at < 1) throw new InvalidArgumentError('It must be name=value.');
    found[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return found;
}
