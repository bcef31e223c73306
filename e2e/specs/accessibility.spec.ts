import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
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

async function expectNoFaults(page: Parameters<typeof openWorkbench>[0]): Promise<void> {
  // Monaco's own elements are not ours to mend; what stands around them is.
  const { violations } = await new AxeBuilder({ page }).exclude('[role="code"]').analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}
