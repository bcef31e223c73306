import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/** After a ref moved: all that is read by the name of a ref is asked for anew. What is read by a hash stays. */
export function useRefreshRefs(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    await Promise.all(['refs', 'tables'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  }, [client]);
}
