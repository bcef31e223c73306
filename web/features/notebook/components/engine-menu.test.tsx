import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import type { TabEngine } from '#shared/contract/plan.ts';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import { preferredEngine, setPreferredEngine } from '#web/lib/engine-preference.ts';
import { SYSTEM_KEY } from '#web/lib/system.ts';
import { EngineMenu } from './engine-menu.tsx';

afterEach(cleanup);

async function openMenu(tabEngine: TabEngine): Promise<HTMLElement> {
  const client = new QueryClient();
  client.setQueryData(SYSTEM_KEY, { limits: { tabEngine } });
  render(
    <QueryClientProvider client={client}>
      <TooltipProvider>
        <EngineMenu />
      </TooltipProvider>
    </QueryClientProvider>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Queries run: Auto' }));
  return screen.findByRole('menuitemradio', { name: /^This tab/ });
}

it('does not let the tab be chosen where the lakehouse keeps its queries, and says so', async () => {
  const tab = await openMenu('off');
  expect(tab.getAttribute('aria-disabled')).toBe('true');
  expect(tab.textContent).toContain('This lakehouse runs queries on the server alone.');
  expect(preferredEngine()).toBe('auto');
});

it('lets it be chosen elsewhere', async () => {
  const tab = await openMenu('asked');
  expect(tab.getAttribute('aria-disabled')).toBeNull();
  expect(tab.textContent).toBe('This tab');
});

it('shows what runs where the tab was chosen before the lakehouse kept its queries', async () => {
  setPreferredEngine('browser');
  try {
    const tab = await openMenu('off');
    expect(tab.getAttribute('aria-checked')).toBe('false');
    expect(screen.getByRole('menuitemradio', { name: 'Auto' }).getAttribute('aria-checked')).toBe('true');
  } finally {
    setPreferredEngine('auto');
  }
});
