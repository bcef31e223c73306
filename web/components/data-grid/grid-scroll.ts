import { createScrollMapping, follow, settled, stuck, type ScrollMapping } from './scroll-mapping.ts';

/** Pixels. `height` is that of the body, below the header; `width` includes the row numbers. */
export interface GridView {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

const IDLE_MS = 160;

/**
 * Where the grid stands, as a store: the scroll container tells it, rows and header are drawn from it. What is drawn
 * sits still in a sticky box and is moved by transforms, so a frame shows either the old place or the new one and
 * never a blank.
 */
export class GridScroll {
  #headerHeight: number;
  readonly #listeners = new Set<() => void>();
  #element: HTMLElement | null = null;
  #mapping: ScrollMapping = createScrollMapping(0, 0);
  #contentHeight = 0;
  #physical = 0;
  #view: GridView = { top: 0, left: 0, width: 0, height: 0 };
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(headerHeight: number) {
    this.#headerHeight = headerHeight;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly view = (): GridView => this.#view;

  /** Binds the scroll container; the answer unbinds it. */
  attach(element: HTMLElement): () => void {
    this.#element = element;
    const onScroll = () => this.#onScroll();
    const observer = new ResizeObserver(() => this.#onResize());
    element.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(element);
    this.#onResize();
    return () => {
      element.removeEventListener('scroll', onScroll);
      observer.disconnect();
      clearTimeout(this.#idle);
      this.#element = null;
    };
  }

  /** To be called when the header grows or shrinks. */
  setHeaderHeight(height: number): void {
    if (height === this.#headerHeight) return;
    this.#headerHeight = height;
    this.#onResize();
  }

  /** To be called when the number of rows changes, after the container has its new size. */
  setContentHeight(height: number): void {
    this.#contentHeight = height;
    this.#remap();
  }

  scrollTo(top: number, left = this.#view.left): void {
    const clamped = Math.min(Math.max(top, 0), this.#mapping.contentMax);
    this.#place(clamped);
    if (this.#element && left !== this.#view.left) this.#element.scrollLeft = left;
    this.#set({ top: clamped, left: this.#element?.scrollLeft ?? 0 });
  }

  /** Scrolls as little as it takes to see the row, and the span from x to `x + width` of the content. */
  reveal(rowTop: number, rowHeight: number, x: number, width: number, fixedLeft: number): void {
    const { top, left, width: viewWidth, height } = this.#view;
    const nextTop =
      rowTop < top ? rowTop : rowTop + rowHeight > top + height ? rowTop + rowHeight - height : top;
    const room = viewWidth - fixedLeft;
    const nextLeft = x < left || width > room ? x : x + width > left + room ? x + width - room : left;
    if (nextTop !== top || nextLeft !== left) this.scrollTo(nextTop, nextLeft);
  }

  #onScroll(): void {
    const element = this.#element;
    if (!element) return;
    let at = follow(this.#mapping, { top: this.#view.top, physical: this.#physical }, element.scrollTop);
    this.#physical = at.physical;
    if (stuck(this.#mapping, at)) {
      at = settled(this.#mapping, at);
      this.#place(at.top);
    }
    this.#set({ top: at.top, left: element.scrollLeft });
    if (this.#mapping.scaled) {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => this.#place(this.#view.top), IDLE_MS);
    }
  }

  #onResize(): void {
    const element = this.#element;
    if (!element) return;
    const height = Math.max(0, element.clientHeight - this.#headerHeight);
    this.#view = { ...this.#view, width: element.clientWidth, height };
    this.#remap();
  }

  #remap(): void {
    this.#mapping = createScrollMapping(this.#contentHeight, this.#view.height);
    const top = Math.min(this.#view.top, this.#mapping.contentMax);
    this.#place(top);
    this.#set({ top, left: this.#element?.scrollLeft ?? 0 });
  }

  /** Puts the container where it stands for `top`. Its own scroll event then finds nothing new. */
  #place(top: number): void {
    const element = this.#element;
    if (!element) return;
    const physical = this.#mapping.toPhysical(top);
    if (Math.abs(element.scrollTop - physical) >= 1) element.scrollTop = physical;
    this.#physical = element.scrollTop;
  }

  #set(change: Partial<GridView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
