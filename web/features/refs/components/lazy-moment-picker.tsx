import { lazy, Suspense, type ComponentProps } from 'react';
import { Skeleton } from '#web/components/skeleton.tsx';
import type { MomentPicker as Picker } from './moment-picker.tsx';

const MomentPicker = lazy(async () => ({ default: (await import('./moment-picker.tsx')).MomentPicker }));

/** See MomentPicker; its code comes when it is first opened, and has the focus once it is there. */
export function LazyMomentPicker(props: ComponentProps<typeof Picker>) {
  return (
    <Suspense fallback={<Skeleton className="m-3 h-80" />}>
      <MomentPicker {...props} />
    </Suspense>
  );
}
