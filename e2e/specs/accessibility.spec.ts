import { expect, test } from '@playwright/test';
import { expectNoFaults } from '../pages/no-faults.ts';
import { openWorkbench } from '../pages/workbench.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`no surface has an accessibility fault, ${theme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await openWorkbench(page, '/notebooks/welcome');
    await page.getByRole('button', { name: 'Run all' }).click();
    await expect(page.getByRole('figure')).toBeVisible();
    await expectNoFaults(page);
    for (const path of [
      '/catalog',
      '/catalog/bronze.flights',
      '/catalog/bronze.flights?tab=snapshots',
      '/history',
    ]) {
      await page.goto(path);
      await expect(page.getByText('bronze.flights').first()).toBeVisible();
      await expectNoFaults(page);
    }
    for (const [path, heading] of [
      ['/branches', 'Branches'],
      ['/branches/compare', 'Compare and merge'],
      ['/branches/merge-requests', 'Merge requests'],
      ['/branches/merge-requests/new', 'Propose a merge'],
      ['/branches/hooks', 'Hooks'],
      ['/branches/retention', 'Retention'],
      ['/history?view=moves', /^History/],
    ] as const) {
      await page.goto(path);
      await expect(page.getByRole('heading', { name: heading })).toBeVisible();
      await expect(page.getByText('main').first()).toBeVisible();
      await expectNoFaults(page);
    }
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectNoFaults(page);
    await page.goto('/catalog?ref=nope');
    await expect(page.getByRole('button', { name: 'Back to main' })).toBeVisible();
    await expectNoFaults(page);
    await page.goto('/notebooks/welcome');
    const runAll = page.getByRole('button', { name: 'Run all' });
    await expect(runAll).toBeVisible();
    await page.context().clearCookies();
    await runAll.click();
    await expect(page.getByRole('link', { name: 'open the sign-in page' })).toBeVisible();
    await expectNoFaults(page);
  });
}
