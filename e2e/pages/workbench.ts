import { expect, type Page } from '@playwright/test';
import { E2E_TOKEN } from '../fixtures/server.ts';

/** The page as a person opens it: by the URL that the server prints. */
export async function openWorkbench(page: Page, path = '/'): Promise<void> {
  const separator = path.includes('?') ? '&' : '?';
  await page.goto(`${path}${separator}token=${E2E_TOKEN}`);
  await expect(page).not.toHaveURL(/token=/);
}
