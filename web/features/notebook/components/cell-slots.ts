import type { ReactNode } from 'react';
import type { ChartConfig, RowsView } from '#shared/contract/notebooks.ts';
import type { RunOutcome } from '#web/duckdb/types.ts';

/** Parts of a cell that other features make; the app puts them in. */
export interface CellSlots {
  /** The rows of an answer, with what can be done with them. */
  readonly renderRows: (props: {
    readonly outcome: RunOutcome;
    /** For accessible names: "cell 3". */
    readonly name: string;
    /** For files of it, without what says the format. */
    readonly fileName: string;
    /** Pixels that the rows take at most. */
    readonly maxHeight: number;
    /** How the cell keeps them sorted and filtered. */
    readonly view?: {
      readonly value: RowsView | undefined;
      readonly onChange: (value: RowsView | undefined) => void;
    };
  }) => ReactNode;
  readonly renderChart: (props: {
    readonly outcome: RunOutcome;
    readonly config: ChartConfig | undefined;
    readonly onChange: (config: ChartConfig) => void;
    /** For images of it, without what says the format; absent: as the chart is called. */
    readonly fileName?: string;
    /** The chart alone, and nothing that it is edited by. */
    readonly bare?: boolean;
  }) => ReactNode;
  /** A commit, as a way to it in history. */
  readonly renderCommit: (props: { readonly hash: string }) => ReactNode;
  readonly renderSnapshotPicker: (props: {
    /** Ref expression of the cell; undefined where it follows the notebook. */
    readonly value: string | undefined;
    readonly onChange: (value: string | undefined) => void;
    /** For the accessible name: "cell 3". */
    readonly cellName: string;
    readonly open: boolean;
    readonly onOpenChange: (open: boolean) => void;
  }) => ReactNode;
}
