import type { ReactNode } from 'react';
import type { RowLook } from '#web/lib/row-look.ts';

/** What the pages of merge requests show and do with parts of other features; whoever shows them brings these. */
export interface RequestSlots {
  /** Tables that differ between two places, with schema and rows of the one that is chosen. */
  readonly renderChanges: (props: {
    /** Ref expressions: what is proposed, and where it parted from the target. */
    readonly source: string;
    readonly target: string;
    readonly table: string | undefined;
    readonly onTable: (table: string | undefined) => void;
    /** Which rows of the table are looked at. */
    readonly rows: RowLook | undefined;
    readonly onRows: (rows: RowLook) => void;
  }) => ReactNode;
  /** Whether a branch could be merged into another now, in a sentence. */
  readonly renderDryRun: (props: { readonly source: string; readonly target: string }) => ReactNode;
  /** Text in Markdown. */
  readonly renderText: (markdown: string) => ReactNode;
}
