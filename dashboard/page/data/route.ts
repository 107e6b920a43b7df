import { monthRanges, type MonthRange } from './monthly-figures';

/** The views, in the order of the tabs; their names are the deep links. */
export const viewNames = ['department', 'monthly', 'payers', 'quality'] as const;
export type ViewName = (typeof viewNames)[number];

export interface Route {
  view: ViewName;
  /** Of the monthly view. */
  range: MonthRange;
}

/** Reads `#monthly?range=5y`; what is unknown falls back to the first view and the whole time. */
export function parseRoute(hash: string): Route {
  const [name = '', query = ''] = hash.replace(/^#/, '').split('?');
  const range = new URLSearchParams(query).get('range') ?? 'all';
  return {
    view: viewNames.find((view) => view === name) ?? 'department',
    range: Object.hasOwn(monthRanges, range) ? (range as MonthRange) : 'all',
  };
}

export function routeHash({ view, range }: Route): string {
  return view === 'monthly' && range !== 'all' ? `#monthly?range=${range}` : `#${view}`;
}
