import { expect, type Locator, type Page } from '@playwright/test';

/** What was run, and what is kept under a name. */
export class QueriesPage {
  readonly runs: Locator;
  readonly saved: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.runs = page.getByRole('table', { name: 'Runs' });
    this.saved = page.getByRole('table', { name: 'Saved queries' });
  }

  /** The line of a run; each test writes SQL that no other has. */
  run(sql: string | RegExp): Locator {
    return this.runs.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: sql }) });
  }

  async searchHistory(words: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Search the history' }).fill(words);
  }

  async onlyOf(state: 'All' | 'Done' | 'Failed' | 'Stopped'): Promise<void> {
    await this.page.getByRole('radio', { name: state }).click();
  }

  async do(action: string): Promise<void> {
    await this.page.getByRole('button', { name: action }).click();
  }

  /** In the dialog that asks for a name. */
  async keepAs(name: string, more: { kind?: 'Query' | 'Snippet'; sql?: string; folder?: string } = {}) {
    const dialog = this.page.getByRole('dialog');
    if (more.kind !== undefined) await dialog.getByRole('radio', { name: more.kind }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    if (more.sql !== undefined) await dialog.getByRole('textbox', { name: 'SQL' }).fill(more.sql);
    if (more.folder !== undefined) await dialog.getByRole('textbox', { name: 'Folder' }).fill(more.folder);
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(dialog).toHaveCount(0);
  }

  savedOne(name: string): Locator {
    return this.saved.getByRole('button', { name, exact: true });
  }
}
