import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { slidesOf } from '#shared/notebook/slides.ts';
import { ShownOrError } from '#web/components/shown-or-error.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { titleOf } from '../model/free-title.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { useDocument } from '../model/use-store.ts';
import type { CellSlots } from './cell-slots.ts';
import { PresentedCell } from './presented-cell.tsx';

interface PresentationProps {
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly slots: CellSlots;
  readonly onClose: () => void;
}

const WAYS = [
  { value: 'page', label: 'Page' },
  { value: 'slides', label: 'Slides' },
] as const;

/** Keys that go on or back, where nothing that has the focus means something else by them. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  PageDown: 1,
  ' ': 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  PageUp: -1,
  Home: -Infinity,
  End: Infinity,
};
const OVER = '[role=listbox], [role=menu], [role=dialog]';
const OWN_KEYS = 'input, textarea, select, [role=grid], [role=slider], [role=combobox]';

/**
 * The notebook as something to show: texts, answers and inputs, without SQL; as one page, or in slides of which a heading
 * begins each. What is collapsed stays away.
 */
export function Presentation({ store, editor, slots, onClose }: PresentationProps) {
  const { title, cells } = useDocument(store);
  const [way, setWay] = useState<'page' | 'slides'>('page');
  const [place, setPlace] = useState(0);
  const page = useRef<HTMLElement>(null);
  const slides = slidesOf(cells);
  const at = Math.min(place, Math.max(0, slides.length - 1));
  const goTo = (next: number) => {
    setPlace(Math.min(Math.max(next, 0), slides.length - 1));
    page.current?.scrollTo({ top: 0 });
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    // What is open over it closes first. A tooltip is nothing that anybody opened.
    if (document.querySelector(OVER) !== null) return;
    if (event.key === 'Escape') onClose();
    const by = STEPS[event.key];
    const inside = event.target instanceof Element ? event.target : null;
    const own = event.key === ' ' ? `button, ${OWN_KEYS}` : OWN_KEYS;
    const isOwn = event.defaultPrevented || (inside?.closest(own) ?? null) !== null;
    if (way !== 'slides' || by === undefined || isOwn || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    goTo(at + by);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    // The menu that this was opened from takes the focus back when it closes, and its tooltip with it.
    const keep = ({ target }: FocusEvent) => {
      if (!(target instanceof Element) || target.closest('[data-notebook]') === null) return;
      if (page.current?.contains(target) === false) page.current.focus({ preventScroll: true });
    };
    page.current?.focus({ preventScroll: true });
    addEventListener('keydown', listen);
    document.addEventListener('focusin', keep);
    return () => {
      removeEventListener('keydown', listen);
      document.removeEventListener('focusin', keep);
    };
  }, []);
  const shown = way === 'page' ? cells.filter(({ collapsed }) => collapsed !== true) : (slides[at] ?? []);
  return (
    <section
      ref={page}
      tabIndex={-1}
      aria-label={`${title}, presented`}
      className="fixed inset-0 z-30 overflow-y-auto bg-surface outline-none"
    >
      <div className="fixed top-3 right-4 z-10 flex items-center gap-2 rounded-md bg-surface">
        {way === 'slides' && slides.length > 0 && (
          <>
            <IconButton
              icon={ChevronLeft}
              label="Slide before"
              shortcut="ArrowLeft"
              disabled={at === 0}
              onClick={() => goTo(at - 1)}
            />
            <span role="status" className="text-ink-2 tabular-nums">
              <span className="sr-only">Slide </span>
              {at + 1} / {slides.length}
            </span>
            <IconButton
              icon={ChevronRight}
              label="Next slide"
              shortcut="ArrowRight"
              disabled={at === slides.length - 1}
              onClick={() => goTo(at + 1)}
            />
          </>
        )}
        <Segmented
          label="Shown as"
          value={way}
          onChange={(next) => {
            setWay(next);
            // The arrow keys step now.
            page.current?.focus({ preventScroll: true });
          }}
          options={WAYS}
        />
        <IconButton icon={X} label="Leave the presentation" shortcut="Esc" onClick={onClose} />
      </div>
      <div className="mx-auto w-full max-w-[1080px] px-8 pt-12 pb-24">
        {(way === 'page' || at === 0) && <h1 className="mb-4 text-lg font-semibold">{titleOf(title)}</h1>}
        {shown.map((cell) => (
          <div key={cell.id} className="mb-4 empty:hidden">
            <ShownOrError what="This cell">
              <PresentedCell
                cell={cell}
                name={`cell ${cells.indexOf(cell) + 1}`}
                store={store}
                editor={editor}
                slots={slots}
              />
            </ShownOrError>
          </div>
        ))}
      </div>
    </section>
  );
}
