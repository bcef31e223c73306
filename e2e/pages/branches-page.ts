import { expect, type Locator, type Page } from '@playwright/test';

/** The list of branches and tags, as a person works it. */
export class BranchesPage {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  row(name: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('button', { name, exact: true }) });
  }

  async create(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New branch…' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'New branch or tag' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('button', { name: 'Create branch' }).click();
    await expect(dialog).toHaveCount(0);
  }

  async act(name: string, action: string): Promise<void> {
    await this.page.getByRole('button', { name: `Actions for ${name}` }).click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }
}

/** Two places side by side, and the merge of one into the other. */
export class ComparePage {
  readonly outcome: Locator;
  readonly changes: Locator;
  readonly conflicts: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.outcome = page.getByLabel('Result of the dry run');
    this.changes = page.getByRole('table', { name: 'Changes' });
    this.conflicts = page.getByRole('region', { name: 'Conflicts' });
  }

  change(table: string): Locator {
    return this.changes.getByRole('row').filter({ hasText: table });
  }

  /** The rows that differ, once they are asked for. */
  async rows(table: string): Promise<Locator> {
    await this.changes.getByRole('button', { name: table }).click();
    await this.page.getByRole('button', { name: 'Show the rows' }).click();
    return this.page.getByRole('grid', { name: `Rows of ${table} that differ` });
  }

  async merge(target: string): Promise<void> {
    await this.page.getByRole('button', { name: `Merge into ${target}` }).click();
  }
}
