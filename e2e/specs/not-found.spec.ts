import { expect, test } from '@playwright/test';
import { expectNoFaults } from '../pages/no-faults.ts';
import { openWorkbench } from '../pages/workbench.ts';

test('what is not there is named, and leads back to its surface; times are typed in hours of 24', async ({
  page,
}) => {
  await openWorkbench(page, '/catalog');
  const main = page.getByRole('main');
  for (const [path, said, back, to] of [
    ['/notebooks/nope', 'There is no notebook at this address', 'All notebooks', /\/notebooks$/],
    ['/catalog/x.y', 'There is no x.y at this point in history', 'All tables', /\/catalog$/],
    ['/history/00000000', 'There is no commit 00000000', 'History', /\/history$/],
    ['/branches/merge-requests/nope', 'There is no such merge request', 'All merge requests', /requests$/],
    ['/branches/nope', 'There is no page /branches/nope', 'All branches', /\/branches$/],
    ['/foo bar', 'There is no page /foo bar', 'All notebooks', /\/notebooks$/],
  ] as const) {
    await page.goto(path);
    await expect(main.getByText(said, { exact: true })).toBeVisible();
    if (path.startsWith('/foo') || path.startsWith('/catalog')) await expectNoFaults(page);
    await main
      .getByRole('link', { name: back })
      .or(main.getByRole('button', { name: back }))
      .click();
    await expect(page).toHaveURL(to);
  }

  await page.keyboard.press('Alt+t');
  const machine = page.getByRole('dialog', { name: 'Time machine' });
  await machine.getByRole('radio', { name: 'Date and time' }).click();
  const when = machine.getByRole('group', { name: 'Local date and time' });
  const date = when.getByRole('textbox', { name: 'Date' });
  const time = when.getByRole('textbox', { name: 'Time' });
  await expect(date).toBeFocused();
  await date.fill('2099-01-01');
  await expect(machine.getByText('This time is yet to come.')).toBeVisible();
  await date.press('Alt+ArrowDown');
  await expect(page.getByRole('grid', { name: 'January 2099' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(date).toBeFocused();
  await expectNoFaults(page);
  await date.fill('2001-02-03');
  await time.fill('2:05 pm');
  await time.press('Enter');
  await expect(page).toHaveURL(/ref=main/);
  await expect(page.getByRole('button', { name: /^Time machine: .*2001/ })).toBeVisible();
});
