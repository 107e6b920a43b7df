import type { Action, Graph } from '../graph/model';
import { fingerprint } from '../plan/fingerprint';
import type { BuildState } from './build-states';
import type { Marks } from './marks';
import { whyVolatile } from './volatile';

export interface ChangesOptions {
  graph: Graph;
  runId: string;
  /** The selected actions, each after what it depends on. */
  nodes: readonly string[];
  states: ReadonlyMap<string, BuildState>;
  /** As the run found the warehouse. */
  marks: Marks;
  fullRefresh: boolean;
}

const upstream = 'an input may change';

/**
 * Which of the selected actions would give something else than what is in the warehouse (docs/decisions/0044-run-changed.md).
 * `candidates` are those that may: only their states are forgotten before the run, so that one that is killed builds them again.
 */
export class Changes {
  /** Why each may differ, by action; what is missing here is as it was. */
  readonly candidates = new Map<string, string>();
  private readonly versions = new Map<string, string>();
  private readonly built = new Set<string>();

  constructor(private readonly of: ChangesOptions) {
    for (const [id, { version }] of of.states) this.versions.set(id, version);
    for (const id of of.nodes) {
      const action = of.graph.actions.get(id)!;
      if (action.disabled) continue;
      const reason = this.ownReason(action) ?? (this.readsCandidate(action) ? upstream : undefined);
      if (reason) this.candidates.set(id, reason);
    }
  }

  /** Why the action must be built now, when all before it are done; undefined when it would give what is there. */
  reasonNow(action: Action): string | undefined {
    const reason = this.candidates.get(action.id);
    return reason === upstream ? this.changedInput(action) : reason;
  }

  /** The mark of its object before the run. */
  markOf(action: Action): string | undefined {
    return this.of.marks.get(action.id);
  }

  /** Notes that an action was built. `hasChanged` is false where the build left what its object held. */
  note(action: Action, hasChanged: boolean): void {
    const { graph, runId, states, marks } = this.of;
    const state = states.get(action.id);
    const isAsNoted =
      state?.fingerprint === fingerprint(graph, action, runId) && state.mark === (marks.get(action.id) ?? '');
    this.built.add(action.id);
    // What is behind a view is an input of its readers by itself.
    if ((hasChanged && action.kind !== 'view') || !isAsNoted) this.versions.set(action.id, runId);
  }

  /** The states after the run of the candidates that are well: built, or found as they were. */
  statesAfter(isWell: (id: string) => boolean, marksAfter: Marks): Map<string, BuildState> {
    const { graph, runId, states } = this.of;
    const result = new Map<string, BuildState>();
    for (const id of this.candidates.keys()) {
      if (!isWell(id)) continue;
      const action = graph.actions.get(id)!;
      const before = states.get(id);
      if (!this.built.has(id) && before) result.set(id, before);
      else
        result.set(id, {
          fingerprint: fingerprint(graph, action, runId),
          mark: marksAfter.get(id) ?? '',
          version: this.versions.get(id) ?? runId,
          inputs: this.inputsOf(action, marksAfter),
        });
    }
    return result;
  }

  private ownReason(action: Action): string | undefined {
    const { graph, runId, states, marks, fullRefresh } = this.of;
    const state = states.get(action.id);
    if (fullRefresh && action.kind === 'incremental' && !action.protected) return 'full refresh';
    if (!state) return 'no build is noted';
    if (state.fingerprint !== fingerprint(graph, action, runId)) return 'definition changed';
    const volatile = whyVolatile(action, runId);
    if (volatile) return volatile;
    if (state.mark !== (marks.get(action.id) ?? ''))
      return marks.has(action.id) ? 'not as its last build left it' : 'not in the warehouse';
    return this.changedInput(action);
  }

  private changedInput(action: Action): string | undefined {
    const before = this.of.states.get(action.id)?.inputs ?? {};
    // A view holds no rows: new ones matter to its own assertions only.
    const holdsRows = action.kind !== 'view' || action.assertions.length > 0;
    for (const [id, now] of Object.entries(this.inputsOf(action))) {
      if (!holdsRows && this.of.graph.declarations.has(id)) continue;
      if (now === '?') return `${id} is outside of the project, and no table`;
      if (now !== before[id]) return this.of.graph.declarations.has(id) ? `${id} has other rows` : `${id} was rebuilt`;
    }
    return undefined;
  }

  /** Mark and version of all that the action reads, also by way of views. */
  private inputsOf(action: Action, marksAfter?: Marks): Record<string, string> {
    const { graph, marks, runId } = this.of;
    const inputs: Record<string, string> = {};
    const visit = (id: string): void => {
      if (id in inputs) return;
      const input = graph.actions.get(id);
      if (input?.kind === 'assertion') return;
      // What this run did not build is as the run found it: rows that came in the meantime are for the next run.
      const mark = (this.built.has(id) ? marksAfter : undefined)?.get(id) ?? marks.get(id) ?? '';
      if (!input) {
        inputs[id] = mark.includes(':') || mark === '' ? mark : '?';
        return;
      }
      inputs[id] = `${mark}/${this.versions.get(id) ?? ''}`;
      if (input.kind === 'view') {
        const volatile = whyVolatile(input, runId);
        if (volatile) inputs[id] = `${inputs[id]}/${runId}`;
        input.dependencies.forEach(visit);
      }
    };
    action.dependencies.forEach(visit);
    return inputs;
  }

  private readsCandidate(action: Action): boolean {
    const seen = new Set<string>();
    const reads = (id: string): boolean => {
      if (seen.has(id)) return false;
      seen.add(id);
      if (this.candidates.has(id)) return true;
      const input = this.of.graph.actions.get(id);
      return input?.kind === 'view' && input.dependencies.some(reads);
    };
    return action.dependencies.some(reads);
  }
}
