import { expect, type Download, type Locator, type Page } from '@playwright/test';

/** Rows with what can be done with them, of a cell or of a table's page. */
export class ResultPanel {
  readonly grid: Locator;
  readonly bar: Locator;
  private readonly page: Page;
  private readonly within: Locator;

  /** @param name as the panel says whose rows it has: "cell 1", "bronze.flights" */
  constructor(page: Page, within: Locator, name: string) {
    this.page = page;
    this.within = within;
    this.grid = within.getByRole('grid', { name: `Rows of ${name}` });
    this.bar = within.getByRole('toolbar', { name: `Rows of ${name}` });
  }

  header(column: string): Locator {
    return this.grid.getByRole('columnheader', { name: new RegExp(`^${column}, `) });
  }

  /** Opens what can be done with a column. */
  async openColumn(column: string): Promise<Locator> {
    await this.header(column).hover();
    await this.grid.getByRole('button', { name: `Sort, filter and figures of ${column}` }).click();
    return this.page.getByRole('dialog', { name: `Column ${column}` });
  }

  async sort(column: string, way: 'Sort ascending' | 'Sort descending'): Promise<void> {
    await (await this.openColumn(column)).getByRole('button', { name: way }).click();
    await expect(this.header(column)).toHaveAttribute(
      'aria-sort',
      way === 'Sort ascending' ? 'ascending' : 'descending',
    );
  }

  async filter(column: string, comparison: string, value: string): Promise<void> {
    const menu = await this.openColumn(column);
    await menu.getByRole('combobox', { name: `How ${column} is compared` }).click();
    await this.page.getByRole('option', { name: comparison, exact: true }).click();
    await menu.getByRole('textbox', { name: `Value of ${column}` }).fill(value);
    await menu.getByRole('button', { name: 'Filter', exact: true }).click();
    // It closes then; who clicks a column while it does, closes it once more.
    await expect(menu).toHaveCount(0);
  }

  /** Cells by what they show. */
  cell(text: string | RegExp): Locator {
    return this.grid.getByRole(
      'gridcell',
      typeof text === 'string' ? { name: text, exact: true } : { name: text },
    );
  }

  /** The values of the first rows of one column, by its place from 0. */
  async values(column: number, rows: number): Promise<string[]> {
    const cells = this.grid.locator(`[role=gridcell][aria-colindex="${column + 2}"]`);
    const drawn = await cells.evaluateAll((all) =>
      all.map((cell) => ({
        row: Number(cell.parentElement?.getAttribute('aria-rowindex')),
        text: cell.textContent,
      })),
    );
    return drawn
      .sort((a, b) => a.row - b.row)
      .slice(0, rows)
      .map(({ text }) => text);
  }

  /** Exports by the browser's own downloads. */
  async export(format: RegExp): Promise<Download> {
    await this.within.getByRole('button', { name: /^Export the result of/ }).click();
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('menuitem', { name: format }).click();
    return download;
  }
}
