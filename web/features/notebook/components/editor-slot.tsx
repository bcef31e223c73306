import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { SqlEditorProps } from './sql-editor/sql-editor.tsx';

const SqlEditor = lazy(() => import('./sql-editor/sql-editor.tsx'));

/** Pixels; those of the editor's options. */
const LINE = 20;
const PADDING = 20;

/**
 * The editor, once its code is there and the cell comes near the view. Until then the text itself, with the same
 * height and the same place for every letter, so that nothing moves when the editor takes over.
 */
export function EditorSlot(props: SqlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (host.current === null || near) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setNear(true),
      {
        rootMargin: '600px 0px',
      },
    );
    observer.observe(host.current);
    return () => observer.disconnect();
  }, [near]);

  const preview = <Preview value={props.value} />;
  return (
    <div ref={host} className="min-h-10">
      {near || props.editing ? (
        <Suspense fallback={preview}>
          <SqlEditor {...props} />
        </Suspense>
      ) : (
        preview
      )}
    </div>
  );
}

function Preview({ value }: { value: string }) {
  const lines = value.split('\n').length;
  return (
    <pre
      aria-hidden
      style={{ height: lines * LINE + PADDING }}
      className="overflow-hidden py-2.5 pl-3 font-mono text-sm text-ink"
    >
      {value}
    </pre>
  );
}
