import { expect, type Locator, type Page } from '@playwright/test';

/** One SQL cell, found as a person finds it: by its place in the notebook. */
export class SqlCell {
  readonly frame: Locator;
  private readonly page: Page;
  private readonly place: number;

  /** @param place from 1, counting text cells too */
  constructor(page: Page, place: number) {
    this.page = page;
    this.place = place;
    this.frame = page.getByRole('group', { name: new RegExp(`^SQL cell ${place} of`) });
  }

  get grid(): Locator {
    return this.frame.getByRole('grid');
  }

  get badge(): Locator {
    return this.frame.getByRole('button', { name: /^Answered by/ });
  }

  get error(): Locator {
    return this.frame.getByRole('alert');
  }

  /** Replaces the SQL. */
  async write(sql: string): Promise<void> {
    const editor = this.frame.getByRole('textbox', { name: `SQL, cell ${this.place}` });
    await this.frame.scrollIntoViewIfNeeded();
    await this.frame.getByRole('code').click();
    await editor.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(sql);
  }

  /** Runs with the keyboard and waits for the answer of that run. */
  async run(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+Enter');
    await expect(this.frame.getByRole('button', { name: /^(Stop|Cancel)/ })).toHaveCount(0);
    const plan = this.frame.getByRole('group', { name: /^Plan of/ });
    await expect(this.badge.or(this.error).or(plan).first()).toBeVisible();
  }

  /** Text of the cells that are drawn, by rows. */
  async rows(): Promise<string[][]> {
    const rows = await this.grid
      .getByRole('row')
      .filter({ has: this.page.getByRole('gridcell') })
      .all();
    return Promise.all(rows.map(async (row) => row.getByRole('gridcell').allInnerTexts()));
  }
}

/** Opens a notebook of one cell, made for this test over the API. */
export async function openCell(page: Page, sql: string): Promise<SqlCell> {
  const created = await page.request.post('/api/v1/notebooks', {
    data: { title: 'A test', cells: [{ id: 'only', kind: 'sql', source: sql, view: 'grid' }] },
  });
  expect(created.ok()).toBe(true);
  const { id } = (await created.json()) as { id: string };
  await page.goto(`/notebooks/${id}`);
  const cell = new SqlCell(page, 1);
  await cell.frame.getByRole('code').click();
  return cell;
}
