import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { ResultChart } from './result-chart.tsx';

function tableOf(spec: Record<string, string>, rows: CellValue[][]): ResultTable {
  return {
    columns: Object.entries(spec).map(([name, type]) => ({ name, type })),
    rowCount: rows.length,
    value: (row, column) => rows[row]?.[column] ?? null,
  };
}

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function show(table: ResultTable, config?: ChartConfig) {
  const onChange = vi.fn<(config: ChartConfig) => void>();
  render(
    <TooltipProvider>
      <ResultChart table={table} config={config} onChange={onChange} />
    </TooltipProvider>,
  );
  return { onChange, user: userEvent.setup() };
}

const flights = tableOf({ origin: 'VARCHAR', flights: 'BIGINT', delay: 'DOUBLE' }, [
  ['ATL', 1200n, 3.5],
  ['SFO', 800n, -1.25],
]);

describe('ResultChart', () => {
  it('says what it shows and draws a bar for each row', () => {
    show(flights);
    const figure = screen.getByRole('figure', {
      name: 'Bar chart of flights by origin, 2 bars. Values from 800 to 1,200.',
    });
    expect(figure.querySelectorAll('.recharts-bar-rectangle')).toHaveLength(2);
    expect(figure.textContent).toContain('ATL');
  });

  it('names the upright axis, also where one measure is split into several lines', () => {
    const rows: CellValue[][] = [1, 2, 3].flatMap((day) =>
      ['ATL', 'SFO'].map((origin) => [day, origin, day * 2]),
    );
    const table = tableOf({ day: 'INTEGER', origin: 'VARCHAR', delay: 'DOUBLE' }, rows);
    show(table, { type: 'line', x: 'day', y: ['delay'], series: 'origin' });
    const figure = screen.getByRole('figure');
    expect(within(figure).getByText('delay')).toBeTruthy();
    expect(within(figure).getByText('day')).toBeTruthy();
    expect(within(figure).getByRole('list', { name: 'Series' }).textContent).toBe('ATLSFO');
  });

  it('changes type and fields by named controls', async () => {
    const { onChange, user } = show(flights);
    await user.click(screen.getByRole('button', { name: 'Chart type: Bars' }));
    await user.click(screen.getByRole('menuitemradio', { name: 'Line' }));
    expect(onChange).toHaveBeenLastCalledWith({ type: 'line', x: 'origin', y: ['flights'] });
    await user.click(screen.getByRole('button', { name: 'Fields of: Y: flights' }));
    await user.click(screen.getByRole('menuitemcheckbox', { name: 'delay' }));
    expect(onChange).toHaveBeenLastCalledWith({ type: 'bar', x: 'origin', y: ['flights', 'delay'] });
  });

  it('has a title that is written where it stands, taken once, and said to others', async () => {
    const bars: ChartConfig = { type: 'bar', x: 'origin', y: ['flights'] };
    const { onChange, user } = show(flights, bars);
    const title = screen.getByRole('textbox', { name: 'Title of the chart' });
    expect(title.getAttribute('placeholder')).toBe('flights by origin');
    await user.type(title, ' Busy airports {Escape}Airports{Enter}');
    expect(onChange.mock.calls).toEqual([[{ ...bars, title: 'Airports' }]]);
    cleanup();
    const own = show(flights, { ...bars, title: 'Airports' });
    await own.user.clear(screen.getByRole('textbox', { name: 'Title of the chart' }));
    await own.user.tab();
    expect(own.onChange.mock.calls).toEqual([[bars]]);
    cleanup();
    render(
      <TooltipProvider>
        <ResultChart table={flights} config={bars} onChange={onChange} bare />
      </TooltipProvider>,
    );
    expect(screen.getByText('flights by origin')).toBeDefined();
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  it('stands on a log scale where that is asked for, and takes so many of the largest', async () => {
    const bars: ChartConfig = { type: 'bar', x: 'origin', y: ['delay'] };
    const { onChange, user } = show(flights, bars);
    await user.click(screen.getByRole('button', { name: 'Log scale', pressed: false }));
    expect(onChange).toHaveBeenLastCalledWith({ ...bars, scale: 'log' });
    cleanup();
    const log = show(flights, { ...bars, scale: 'log' });
    expect(screen.getByRole('figure').textContent).toContain(
      '1 value of zero or below has no place on a log scale',
    );
    expect(screen.getByRole('figure').querySelectorAll('.recharts-bar-rectangle path')).toHaveLength(1);
    await log.user.click(screen.getByRole('button', { name: 'Log scale', pressed: true }));
    expect(log.onChange).toHaveBeenLastCalledWith(bars);
  });

  it('takes a column that is dropped where it belongs, and none where it does not', () => {
    const { onChange } = show(flights);
    const drop = (well: string, field: string) => {
      const target = screen.getByText(well).parentElement;
      if (target === null) throw new TypeError('no such well');
      const dataTransfer = { types: ['application/x-timestream-field'], getData: () => field };
      fireEvent.dragOver(target, { dataTransfer });
      fireEvent.drop(target, { dataTransfer });
    };
    drop('Y', 'delay');
    expect(onChange).toHaveBeenLastCalledWith({ type: 'bar', x: 'origin', y: ['flights', 'delay'] });
    drop('X', 'flights');
    expect(onChange).toHaveBeenLastCalledWith({ type: 'bar', x: 'flights', y: ['flights'] });
    drop('Y', 'origin');
    expect(onChange).toHaveBeenLastCalledWith({ type: 'bar', x: 'origin', y: ['flights'] });
  });

  it('stacks the bars of series', () => {
    const parts = tableOf({ day: 'VARCHAR', kind: 'VARCHAR', n: 'INTEGER' }, [
      ['Mon', 'a', 3],
      ['Mon', 'b', 4],
      ['Tue', 'a', 1],
    ]);
    show(parts, { type: 'stacked', x: 'day', y: ['n'], series: 'kind' });
    const figure = screen.getByRole('figure');
    const bars = [...figure.querySelectorAll('.recharts-bar-rectangle path')];
    const [first, , second] = bars.map((bar) => Number(bar.getAttribute('x')));
    expect(bars).toHaveLength(3);
    expect(second).toBe(first);
  });

  it('names lines at their ends', () => {
    show(flights, { type: 'line', x: 'origin', y: ['flights', 'delay'] });
    const names = within(screen.getByRole('list', { name: 'Series' }))
      .getAllByRole('listitem')
      .map((item) => item.textContent);
    expect(names).toEqual(['flights', 'delay']);
  });

  it('lists slices with their shares', () => {
    show(flights, { type: 'pie', x: 'origin', y: ['flights'] });
    expect(screen.getByRole('list', { name: 'Slices' }).textContent).toBe('ATL60.0 %1,200SFO40.0 %800');
  });

  it('says why there is nothing to draw', () => {
    show(tableOf({ origin: 'VARCHAR' }, [['ATL']]));
    expect(screen.getByText('No number to draw')).toBeDefined();
    cleanup();
    show(tableOf({ n: 'BIGINT' }, []));
    expect(screen.getByText('Nothing to draw')).toBeDefined();
    cleanup();
    show(tableOf({ origin: 'VARCHAR', n: 'BIGINT' }, [['ATL', null]]));
    expect(screen.getByText(/Every value of n is NULL/)).toBeDefined();
  });
});
