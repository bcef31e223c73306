import { expect, type Locator, type Page } from '@playwright/test';

/** The list of merge requests, as a person works it. */
export class MergeRequestsPage {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  row(title: string): Locator {
    return this.page.getByRole('row').filter({ hasText: title });
  }

  async show(which: 'Open' | 'Merged' | 'Closed' | 'All'): Promise<void> {
    await this.page.getByRole('radio', { name: which, exact: true }).click();
  }

  async propose(): Promise<ProposePage> {
    await this.page.getByRole('button', { name: 'Propose a merge…' }).first().click();
    return new ProposePage(this.page);
  }
}

/** Proposing a merge, with what it would bring in sight. */
export class ProposePage {
  readonly outcome: Locator;
  readonly changes: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.outcome = page.getByLabel('Result of the dry run');
    this.changes = page.getByRole('table', { name: 'Changes' });
  }

  async choose(side: 'Source' | 'Target', branch: string): Promise<void> {
    await this.page.getByRole('button', { name: `${side}:` }).click();
    const panel = this.page.getByRole('dialog', { name: side });
    await panel.getByRole('combobox').fill(branch);
    await panel.getByRole('option', { name: branch }).first().click();
  }

  async fill(field: string, text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: field }).fill(text);
  }

  async send(): Promise<MergeRequestPage> {
    await this.page.getByRole('button', { name: 'Propose', exact: true }).click();
    await expect(this.page).toHaveURL(/\/merge-requests\/\d+/);
    return new MergeRequestPage(this.page);
  }
}

/** One merge request. */
export class MergeRequestPage {
  readonly merge: Locator;
  readonly outcome: Locator;
  readonly conflicts: Locator;
  readonly inTheWay: Locator;
  readonly reviews: Locator;
  readonly checks: Locator;
  readonly mergeButton: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.merge = page.getByRole('region', { name: 'Merge', exact: true });
    this.outcome = this.merge.getByLabel('Result of the dry run');
    this.conflicts = this.merge.getByRole('region', { name: 'Conflicts' });
    this.inTheWay = this.merge.getByRole('list', { name: 'In the way' });
    this.reviews = page.getByRole('region', { name: 'Reviews' });
    this.checks = page.getByRole('region', { name: 'Checks' });
    this.mergeButton = this.merge.getByRole('button', { name: /^Merge into/ });
  }

  async open(tab: 'Overview' | 'Changes' | 'Commits'): Promise<void> {
    await this.page.getByRole('tab', { name: tab }).click();
  }

  /** The bar over the rows of a table that differ: how many, and which of them are looked at. */
  async openTable(table: string): Promise<Locator> {
    await this.page
      .getByRole('table', { name: 'Changes' })
      .getByRole('button', { name: table, exact: true })
      .click();
    return this.page.getByRole('region', { name: `Change of ${table}` });
  }

  async approve(comment: string): Promise<void> {
    await this.reviews.getByRole('textbox', { name: 'Comment of the review' }).fill(comment);
    await this.reviews.getByRole('button', { name: 'Approve' }).click();
  }

  status(word: 'open' | 'merged' | 'closed'): Locator {
    return this.page.getByRole('main').getByText(word, { exact: true });
  }
}

/** Says who works in this browser. */
export async function signAs(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^(Your name|You are )/ }).click();
  const panel = page.getByRole('dialog', { name: 'Your name' });
  await panel.getByRole('textbox', { name: 'Your name' }).fill(name);
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: `You are ${name}` })).toBeVisible();
}
