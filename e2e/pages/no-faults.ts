import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Nothing on the page as it stands keeps anyone from using it, as far as axe can tell. */
export async function expectNoFaults(page: Page): Promise<void> {
  // Monaco's own elements are not ours to mend; what stands around them is.
  const { violations } = await new AxeBuilder({ page }).exclude('[role="code"]').analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}
