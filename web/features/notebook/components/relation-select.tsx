import { Select } from '#web/components/select.tsx';
import type { CompletionTable } from '../language/language-facts.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { useDocument } from '../model/use-store.ts';

interface RelationSelectProps {
  readonly store: NotebookStore;
  readonly tables: readonly CompletionTable[];
  readonly label: string;
  readonly value: string;
  readonly onChange: (relation: string) => void;
}

/** Which cell or table something shows. */
export function RelationSelect({ store, tables, label, value, onChange }: RelationSelectProps) {
  const { cells } = useDocument(store);
  const names = cells.flatMap((cell) => (cell.kind === 'sql' && cell.name !== undefined ? [cell.name] : []));
  const all = [...names, ...tables.map((table) => nameIn(tables, table))];
  const options = [...new Set(value === '' || all.includes(value) ? all : [value, ...all])];
  return (
    <Select
      label={label}
      value={value}
      onChange={onChange}
      placeholder="Choose a cell or a table"
      className="max-w-56 font-mono text-xs"
      options={options.map((option) => ({ value: option, label: option }))}
    />
  );
}

/** As short as it can be: with its namespace where another table has the same name. */
function nameIn(tables: readonly CompletionTable[], { namespace, name }: CompletionTable): string {
  const alone = tables.filter((each) => each.name.toLowerCase() === name.toLowerCase()).length === 1;
  return alone ? name : [...namespace, name].join('.');
}
