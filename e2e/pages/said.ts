import type { Locator, Page } from '@playwright/test';

/** The message at the foot of the page that says what was done, not its copy for screen readers beside it. */
export function said(page: Page, text: string | RegExp): Locator {
  return page.getByRole('listitem').filter({ hasText: text });
}
