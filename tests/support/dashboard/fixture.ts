import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startDashboard, type Dashboard } from '../../../dashboard';
import { artifacts, launchChromium, refuseMisconduct, watch, type Conduct } from './browser';
import { ExportFolder } from './export-folder';

/** A dashboard on an empty folder with a browser page, and the ways in which tests look at it. */
export class DashboardFixture {
  folder!: ExportFolder;
  dashboard!: Dashboard;
  page!: Page;
  browser: Browser | undefined;
  private conduct!: Conduct;

  async launch(): Promise<void> {
    this.browser = await launchChromium();
  }

  async start(): Promise<void> {
    this.folder = new ExportFolder();
    await this.serve(0);
    await this.openPage();
  }

  async serve(port: number): Promise<void> {
    this.dashboard = await startDashboard({ port, openFile: this.folder.openFile });
  }

  /** @throws when the page did something that it must not do, whatever the test was about. */
  async stop(): Promise<void> {
    await this.page.context().close();
    await this.dashboard.stop();
    this.folder.remove();
    refuseMisconduct(this.conduct);
  }

  /** A new page with other features of the device; the one before is closed. */
  async openPage(options: BrowserContextOptions = {}): Promise<void> {
    await this.page?.context().close();
    const context = await this.browser!.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(120_000);
    this.page = await context.newPage();
    this.conduct = watch(this.page, this.dashboard.url);
  }

  /** Opens a view and waits for its figures and the typeface. */
  async show(view: string): Promise<void> {
    await this.page.goto(`${this.dashboard.url}#${view}`);
    await this.page.waitForSelector('.card-value');
    await this.page.evaluate('document.fonts.ready.then(() => true)');
  }

  screenshot(name: string): Promise<Buffer> {
    return this.page.screenshot({ path: path.join(artifacts, `${name}.png`), fullPage: true });
  }

  /** The exported files of a table, for a query of DuckDB. */
  files(table: string): string {
    return `read_parquet('${this.folder.path(table)}/*.parquet')`;
  }

  card(label: string): Promise<string> {
    return this.page.getByRole('group', { name: label, exact: true }).innerText();
  }

  panel(title: string) {
    return this.page.locator('section', { has: this.page.getByRole('heading', { name: title }) });
  }

  /** The cells of the table that a panel shows, without its head. */
  async tableOf(title: string): Promise<string[][]> {
    const rows = this.panel(title).locator('tbody tr, tfoot tr');
    return (await rows.allInnerTexts()).map((row) => row.split('\t').map((cell) => cell.trim()));
  }

  pressTable(title: string): Promise<void> {
    return this.page.getByRole('button', { name: `Show ${title} as a table` }).click();
  }
}

/** A fixture that starts anew for every test of the `describe` it is called in. */
export function useDashboard(): DashboardFixture {
  const fixture = new DashboardFixture();
  beforeAll(() => fixture.launch());
  beforeEach(() => fixture.start());
  afterEach(() => fixture.stop());
  afterAll(() => fixture.browser?.close());
  return fixture;
}
