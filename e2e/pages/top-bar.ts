import type { Locator, Page } from '@playwright/test';

/** Where the page reads, and the ways to elsewhere. */
export class TopBar {
  readonly ref: Locator;
  readonly time: Locator;
  readonly readOnly: Locator;
  private readonly group: Locator;

  constructor(page: Page) {
    this.group = page.getByRole('group', { name: 'Where the page reads' });
    this.ref = this.group.getByRole('button').first();
    this.time = this.group.getByRole('button', { name: /^Time machine/ });
    this.readOnly = this.group.getByText('Read only');
  }

  back(to: string): Locator {
    return this.group.getByRole('button', { name: `Back to ${to}` });
  }
}
