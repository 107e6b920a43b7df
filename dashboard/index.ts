export { startDashboard, type Dashboard, type DashboardOptions } from './server/server';
export type { ExportFile, ExportReader } from './server/export-reader';
