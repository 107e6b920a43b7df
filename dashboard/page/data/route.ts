import { monthRanges, type MonthRange } from './monthly-figures';

/** The views, in the order of the tabs; their names are the deep links. */
export const viewNames = ['department', 'monthly', 'payers', 'quality'] as const;
export type ViewName = (typeof viewNames)[number];

export interface Route {
  view: ViewName;
  /** Of the monthly view. */
  range: MonthRange;
}

const defaultRange: MonthRange = '10y';

/** Reads `#monthly?range=5y`; what is unknown falls back to the first view and ten years. */
export function parseRoute(hash: string): Route {
  const [name = '', query = ''] = hash.replace(/^#/, '').split('?');
  const range = new URLSearchParams(query).get('range') ?? defaultRange;
  return {
    view: viewNames.find((view) => view === name) ?? 'department',
    range: Object.hasOwn(monthRanges, range) ? (range as MonthRange) : defaultRange,
  };
}

export function routeHash({ view, range }: Route): string {
  return view === 'monthly' && range !== defaultRange ? `#monthly?range=${range}` : `#${view}`;
}
