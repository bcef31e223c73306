import { expect, type Locator, type Page } from '@playwright/test';

interface CellData {
  readonly id: string;
  readonly kind: string;
  readonly [more: string]: unknown;
}

/** A notebook of cells of all kinds, as a person works with it. */
export class CellsPage {
  readonly page: Page;
  readonly id: string;

  /** One that is open in the page. */
  constructor(page: Page, id: string) {
    this.page = page;
    this.id = id;
  }

  /** Makes a notebook over the API, and opens it. */
  static async open(page: Page, title: string, cells: readonly CellData[]): Promise<CellsPage> {
    const created = await page.request.post('/api/v1/notebooks', { data: { title, cells } });
    expect(created.ok()).toBe(true);
    const { id } = (await created.json()) as { id: string };
    await page.goto(`/notebooks/${id}`);
    return new CellsPage(page, id);
  }

  /** @param place from 1 */
  cell(place: number): Locator {
    return this.page.getByRole('group', { name: new RegExp(`^\\w+ cell ${place} of`) });
  }

  grid(place: number): Locator {
    return this.cell(place).getByRole('grid');
  }

  /** Text of the first row that is drawn. */
  async firstRow(place: number): Promise<string[]> {
    const row = this.grid(place)
      .getByRole('row')
      .filter({ has: this.page.getByRole('gridcell') })
      .first();
    return row.getByRole('gridcell').allInnerTexts();
  }

  async runAll(): Promise<void> {
    await this.page.getByRole('button', { name: 'Run all' }).click();
  }

  async write(place: number, sql: string): Promise<void> {
    const editor = this.cell(place).getByRole('textbox', { name: `SQL, cell ${place}` });
    await this.cell(place).scrollIntoViewIfNeeded();
    await this.cell(place).getByRole('code').click();
    await editor.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(sql);
    await expect(this.cell(place).getByRole('code')).toContainText(sql.split(' ').at(-1) ?? sql);
    await editor.press('Escape');
  }

  async rename(place: number, name: string): Promise<void> {
    await this.cell(place)
      .getByRole('button', { name: /^(Name|Rename)/ })
      .click();
    await this.page.getByRole('textbox', { name: `Name of cell ${place}` }).fill(name);
    await this.page.keyboard.press('Enter');
  }

  async choose(action: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: 'Actions of the notebook' }).click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }

  /** Resolves once what was typed is on the server. */
  async saved(): Promise<void> {
    await expect(this.page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible();
  }

  async cells(): Promise<{ readonly title: string; readonly cells: readonly CellData[] }> {
    const answer = await this.page.request.get(`/api/v1/notebooks/${this.id}`);
    return (await answer.json()) as { title: string; cells: CellData[] };
  }
}
