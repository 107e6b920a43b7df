import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Message } from './components/message';
import { SiteHeader, viewTitles } from './components/site-header';
import { ExportStore, type ExportState } from './data/export-store';
import { parseRoute, routeHash, type Route, type ViewName } from './data/route';
import { formatMinute } from './data/times';
import { formatCount } from './data/units';
import { DepartmentView } from './views/department-view';
import { MonthlyView } from './views/monthly-view';
import { PayersView } from './views/payers-view';
import { QualityView } from './views/quality-view';

const pollMilliseconds = 2000;

const ledes: Record<ViewName, string> = {
  department: 'How busy each department is, what its care costs, and how much of that has been paid.',
  monthly: 'Encounters, cost and payments over time, and the organizations where most of the cost arises.',
  payers: 'Who covers the cost of care, and how much of it has been paid.',
  quality: 'Whether these numbers can be trusted: rules, row counts, age of the data, and what was set aside.',
};

function App() {
  const [state, setState] = useState<ExportState>({ phase: 'loading', marts: {}, reachable: true });
  const route = useRoute();
  const heading = useRef<HTMLHeadingElement>(null);
  const title = viewTitles[route.view];
  useEffect(() => new ExportStore(setState).follow(pollMilliseconds), []);
  useEffect(() => {
    document.title = `${title} · MedStream`;
  }, [title]);
  return (
    <>
      <SiteHeader route={route} state={state} onSkip={() => heading.current?.focus()} />
      <main>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p class="lede">{ledes[route.view]}</p>
        {!state.reachable && (
          <Message tone="bad" title="The export cannot be reached">
            <p>
              The dashboard or the lake behind it does not answer.{' '}
              {state.manifest ? 'The numbers below are the last that were read.' : 'Is it still running? '}
              <code>npx medstream dashboard</code> starts it; this page goes on by itself.
            </p>
          </Message>
        )}
        <Content state={state} route={route} />
      </main>
      <SiteFooter state={state} />
    </>
  );
}

function Content({ state, route }: { state: ExportState; route: Route }) {
  if (state.phase === 'loading') return state.reachable ? <p class="note">Reading the export…</p> : null;
  if (state.phase === 'empty')
    return (
      <Message tone="info" title="There is no export yet">
        <p>
          Run <code>npm start</code> for the whole pipeline, or <code>npx medstream export</code> when the warehouse is
          built. This page shows the numbers as soon as they are there.
        </p>
      </Message>
    );
  if (state.phase === 'broken')
    return (
      <Message tone="bad" title="The export cannot be read">
        <p>{state.problem}</p>
        <p>
          Make it again: <code>npx medstream export</code>
        </p>
      </Message>
    );
  return (
    <div class="grid" data-view={route.view}>
      <View state={state} route={route} />
    </div>
  );
}

function View({ state: { marts }, route }: { state: ExportState; route: Route }) {
  switch (route.view) {
    case 'department':
      return <DepartmentView marts={marts} />;
    case 'monthly':
      return (
        <MonthlyView
          marts={marts}
          range={route.range}
          onRange={(range) => location.replace(routeHash({ ...route, range }))}
        />
      );
    case 'payers':
      return <PayersView marts={marts} />;
    case 'quality':
      return <QualityView marts={marts} />;
  }
}

/** Of which export the numbers are, and that they were checked. */
function SiteFooter({ state: { manifest, marts } }: { state: ExportState }) {
  if (!manifest) return <footer class="site-footer" />;
  const checked = Object.values(marts).filter((mart) => 'rows' in mart);
  const rows = checked.reduce((total, mart) => total + ('rows' in mart ? mart.rows.length : 0), 0);
  return (
    <footer class="site-footer">
      <p role="status">
        Export of {formatMinute(new Date(manifest.exported_at))} UTC: {checked.length} tables,{' '}
        {formatCount(BigInt(rows))} rows, each file checked by sha256 and row count against <code>_export.json</code>.
      </p>
      <p>
        Export <code>{manifest.run_id}</code>. Amounts are in US dollars, times in UTC.
      </p>
    </footer>
  );
}

function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const onChange = () => {
      setHash(location.hash);
    };
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return parseRoute(hash);
}

render(<App />, document.getElementById('app')!);
