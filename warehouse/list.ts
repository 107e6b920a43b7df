import { compileProject } from './graph/compile';
import type { ActionKind } from './graph/model';
import { selectActions, type Selection } from './select/select';

export interface ListedAction {
  readonly action: string;
  readonly kind: ActionKind;
  readonly file: string;
  readonly tags: readonly string[];
  readonly dependencies: readonly string[];
  readonly disabled: boolean;
  readonly description?: string;
  /** Assertions of its config block. */
  readonly assertions: readonly string[];
}

export interface ListOptions extends Selection {
  projectDir: string;
  vars?: Record<string, string>;
  schemaSuffix?: string;
}

/** The selected actions, in the order of the graph. Needs no connection. */
export function listProject(options: ListOptions): ListedAction[] {
  const { graph } = compileProject(options);
  return selectActions(graph, options).map((id) => {
    const action = graph.actions.get(id)!;
    const { kind, file, tags, dependencies, disabled, description } = action;
    const assertions = 'assertions' in action ? action.assertions : [];
    return { action: id, kind, file, tags, dependencies, disabled, description, assertions };
  });
}
