import type { ComponentChildren } from 'preact';
import type { Marts } from '../data/export-store';
import type { MartName, Row } from '../data/marts';
import { Message } from './message';

interface NeedsProps<Name extends MartName> {
  mart: Name;
  marts: Marts;
  /** In place of the plain note that there are no rows. */
  whenEmpty?: ComponentChildren;
  children(rows: Row<Name>[]): ComponentChildren;
}

/** Draws with the rows of a mart, or says plainly why there are none. */
export function Needs<Name extends MartName>({ mart: name, marts, whenEmpty, children }: NeedsProps<Name>) {
  const mart = marts[name];
  if (!mart) return <div class="panel waiting wide" aria-hidden="true" />;
  if ('problem' in mart)
    return (
      <section class="panel wide">
        <Message tone="bad" title="These numbers are not shown">
          <p>{mart.problem}</p>
          <p>
            Numbers appear only when they agree with <code>_export.json</code>. Make the export again:{' '}
            <code>npx medstream export</code>
          </p>
        </Message>
      </section>
    );
  if (mart.rows.length === 0)
    return (
      <>
        {whenEmpty ?? (
          <section class="panel wide">
            <Message tone="info" title="No rows yet">
              <p>
                The table <code>{name}</code> of this export is empty.
              </p>
            </Message>
          </section>
        )}
      </>
    );
  return <>{children(mart.rows as Row<Name>[])}</>;
}
