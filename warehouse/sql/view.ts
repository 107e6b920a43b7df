import type { Model } from '../graph/model';
import { nextSuffix, previousSuffix, quoted, suffixed, bracket } from './names';
import { step, type Step } from './step';
import { dropTable, dropView, type ObjectKind } from './table';

/** The new definition under a name of its own, so that its assertions can run before readers see it. */
export function stageView(model: Model): Step[] {
  const next = suffixed(model.target, nextSuffix);
  return [step('stage', dropView(next), true), step('stage', `CREATE VIEW ${quoted(next)} AS\n${model.query.trim()}`)];
}

/** ALTER VIEW replaces the definition in one statement and keeps its grants. A view stands alone in its batch. */
export function publishView(model: Model, existing: ObjectKind | undefined, staged: boolean): Step[] {
  const { target, query } = model;
  const previous = suffixed(target, previousSuffix);
  const steps: Step[] = [];
  if (existing === 'table')
    steps.push(
      step('publish', `${dropTable(previous)}\nRENAME OBJECT ${quoted(target)} TO ${bracket(previous.name)};`),
    );
  const verb = existing === 'view' ? 'ALTER' : 'CREATE';
  steps.push(step('publish', `${verb} VIEW ${quoted(target)} AS\n${query.trim()}`, verb === 'ALTER'));
  if (staged) steps.push(step('clean up', dropView(suffixed(target, nextSuffix)), true));
  return steps;
}
