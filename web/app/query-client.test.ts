import { afterEach, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { SYSTEM_KEY } from '#web/lib/system.ts';
import { queryClient } from './query-client.ts';

const unreachable = () => Promise.reject(new AppError('UNAVAILABLE', 'The server can’t be reached.'));
const busy = () => Promise.reject(new AppError('UNAVAILABLE', 'Busy.', { context: { requestId: 'r' } }));

afterEach(() => {
  queryClient.clear();
  vi.restoreAllMocks();
});

async function triesOf(fail: () => Promise<never>): Promise<number> {
  const queryFn = vi.fn(fail);
  await queryClient
    .fetchQuery({ queryKey: ['x'], queryFn, retryDelay: 0, retry: retryOf() })
    .catch(() => null);
  queryClient.removeQueries({ queryKey: ['x'] });
  return queryFn.mock.calls.length;
}

/** That of the page's queries; fetchQuery would have none. */
function retryOf() {
  return queryClient.getDefaultOptions().queries?.retry ?? false;
}

it('asks again for what may pass, but not from a server that is known to be away', async () => {
  expect([await triesOf(unreachable), await triesOf(busy)]).toEqual([3, 3]);
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  expect([await triesOf(unreachable), await triesOf(busy)]).toEqual([1, 3]);
  online.mockReturnValue(true);
  await queryClient
    .fetchQuery({ queryKey: SYSTEM_KEY, queryFn: unreachable, retry: false })
    .catch(() => null);
  expect([await triesOf(unreachable), await triesOf(busy)]).toEqual([1, 3]);
});
