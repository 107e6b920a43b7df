import { useEffect, useState } from 'preact/hooks';
import { routeHash, viewNames, type Route, type ViewName } from '../data/route';
import type { ExportState } from '../data/export-store';
import { formatAge, formatMinute } from '../data/times';
import { useTheme } from './use-theme';

export const viewTitles: Record<ViewName, string> = {
  department: 'Departments',
  monthly: 'Monthly',
  payers: 'Payers',
  quality: 'Quality',
};

interface SiteHeaderProps {
  route: Route;
  state: ExportState;
  /** The reader goes past the header to the view. */
  onSkip(): void;
}

export function SiteHeader({ route, state, onSkip }: SiteHeaderProps) {
  return (
    <header class="site-header">
      <button type="button" class="skip-link" onClick={onSkip}>
        Skip to the numbers
      </button>
      <div class="site-header-inner">
        <a class="brand" href="#department">
          <img src="icon.svg" alt="" width="28" height="28" /> MedStream
        </a>
        <nav aria-label="Views">
          {viewNames.map((view) => (
            <a key={view} href={routeHash({ ...route, view })} aria-current={view === route.view ? 'page' : undefined}>
              {viewTitles[view]}
            </a>
          ))}
        </nav>
        <ExportAge state={state} />
        <ThemeButton />
      </div>
    </header>
  );
}

/** How old the shown export is; announced when a new one arrives. */
function ExportAge({ state: { manifest, reachable } }: { state: ExportState }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), 15_000);
    return () => clearInterval(timer);
  }, [manifest]);
  if (!reachable) return <span class="export-age lost">Not connected</span>;
  if (!manifest) return <span class="export-age" />;
  const date = new Date(manifest.exported_at);
  return (
    <span class="export-age" title={`${formatMinute(date)} UTC`}>
      <span class="live-dot" /> Exported {formatAge(date, now)}
    </span>
  );
}

function ThemeButton() {
  const [theme, change] = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="icon-button"
      onClick={change}
      aria-label={`Use the ${other} theme`}
      title={`Use the ${other} theme`}
    >
      <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
        {theme === 'dark' ? (
          <path d="M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1.100 1.100M11.900 11.900 13 13M3 13l1.100-1.100M11.900 4.100 13 3" />
        ) : (
          <path d="M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7z" />
        )}
      </svg>
    </button>
  );
}
