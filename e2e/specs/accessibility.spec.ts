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
    for (const path of ['/catalog', '/catalog/bronze.flights', '/history']) {
      await page.goto(path);
      await expect(page.getByText('bronze.flights').first()).toBeVisible();
      await expectNoFaults(page);
    }
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('dialog')).toBeVisible();
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
