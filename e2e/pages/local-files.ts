import { expect, type Locator, type Page } from '@playwright/test';

export interface GivenFile {
  readonly name: string;
  readonly content: Buffer | string;
}

/** The files of the tab in the side panel. */
export class LocalFilesPanel {
  readonly section: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.section = page.getByRole('region', { name: 'Local files' });
  }

  /** The row of a file, by its name in queries. */
  file(name: string): Locator {
    return this.section.getByRole('button', { name: new RegExp(`^${name}, `) });
  }

  columns(name: string): Locator {
    return this.section.getByRole('list', { name: `Columns of ${name}` });
  }

  /** By the file dialog. */
  async open(files: readonly GivenFile[]): Promise<void> {
    const chosen = this.page.waitForEvent('filechooser');
    await this.section.getByRole('button', { name: 'Open local files' }).click();
    await (
      await chosen
    ).setFiles(
      files.map(({ name, content }) => ({
        name,
        mimeType: 'application/octet-stream',
        buffer: Buffer.from(content),
      })),
    );
  }

  /** Drags them over the page, and lets go. */
  async drop(files: readonly GivenFile[]): Promise<void> {
    const data = await this.page.evaluateHandle(
      (given) => {
        const transfer = new DataTransfer();
        for (const { name, base64 } of given)
          transfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
        return transfer;
      },
      files.map(({ name, content }) => ({ name, base64: Buffer.from(content).toString('base64') })),
    );
    const main = this.page.getByRole('main');
    await main.dispatchEvent('dragenter', { dataTransfer: data });
    await main.dispatchEvent('dragover', { dataTransfer: data });
    await expect(this.page.getByText('Drop to query')).toBeVisible();
    await main.dispatchEvent('drop', { dataTransfer: data });
    await expect(this.page.getByText('Drop to query')).toHaveCount(0);
  }

  /** Something from the menu of a file. */
  async do(name: string, action: string | RegExp): Promise<void> {
    await this.file(name).hover();
    await this.section.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }

  /** Opens the dialog that makes a table of a file. */
  async save(name: string): Promise<Locator> {
    await this.do(name, 'Save as table…');
    return this.page.getByRole('dialog', { name: `Save ${name} as a table` });
  }

  async rename(name: string, to: string): Promise<void> {
    await this.file(name).focus();
    await this.page.keyboard.press('F2');
    const field = this.section.getByRole('textbox', { name: `Name of ${name} in queries` });
    await field.fill(to);
    await field.press('Enter');
  }
}
