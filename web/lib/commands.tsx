import type { LucideIcon } from 'lucide-react';
import { createContext, use, useEffect, useMemo, useRef, useSyncExternalStore, type ReactNode } from 'react';
import { matchesShortcut } from './platform.ts';

/** Something that can be done here and now: listed in the palette, and reachable by its key. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly icon?: LucideIcon;
  /** Bound while the command is registered, e.g. "Mod+K". */
  readonly shortcut?: string;
  /** Shown but bound elsewhere, e.g. the "d d" of a cell in command mode. */
  readonly hint?: string;
  /** Its key works inside editors too, which would take it for the start of one of their own. */
  readonly beforeEditors?: boolean;
  readonly run: () => void;
}

class CommandRegistry {
  readonly #sets = new Map<symbol, readonly Command[]>();
  readonly #listeners = new Set<() => void>();
  #all: readonly Command[] = [];

  set(owner: symbol, commands: readonly Command[]): void {
    this.#sets.set(owner, commands);
    this.#changed();
  }

  delete(owner: symbol): void {
    this.#sets.delete(owner);
    this.#changed();
  }

  readonly all = (): readonly Command[] => this.#all;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #changed(): void {
    this.#all = [...this.#sets.values()].flat();
    for (const listener of this.#listeners) listener();
  }
}

const Context = createContext(new CommandRegistry());

export function CommandsProvider({ children }: { children: ReactNode }) {
  const registry = useMemo(() => new CommandRegistry(), []);
  useEffect(() => {
    const run = (event: KeyboardEvent, early: boolean) => {
      if (event.defaultPrevented) return;
      const command = registry
        .all()
        .find(
          ({ shortcut, beforeEditors = false }) =>
            shortcut !== undefined && beforeEditors === early && matchesShortcut(event, shortcut),
        );
      if (command === undefined) return;
      event.preventDefault();
      if (early) event.stopPropagation();
      command.run();
    };
    const onEarly = (event: KeyboardEvent) => run(event, true);
    const onKeyDown = (event: KeyboardEvent) => run(event, false);
    addEventListener('keydown', onEarly, { capture: true });
    addEventListener('keydown', onKeyDown);
    return () => {
      removeEventListener('keydown', onEarly, { capture: true });
      removeEventListener('keydown', onKeyDown);
    };
  }, [registry]);
  return <Context value={registry}>{children}</Context>;
}

export function useAllCommands(): readonly Command[] {
  const registry = use(Context);
  return useSyncExternalStore(registry.subscribe, registry.all);
}

/** Offers these commands as long as the component is mounted. Memoize the list: a new one registers anew. */
export function useCommands(commands: readonly Command[]): void {
  const registry = use(Context);
  const owner = useRef(Symbol('commands'));
  useEffect(() => {
    const key = owner.current;
    registry.set(key, commands);
    return () => registry.delete(key);
  }, [registry, commands]);
}
