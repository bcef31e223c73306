import { isNamedRelation } from '#shared/notebook/named-cells.ts';
import { Select } from '#web/components/select.tsx';
import type { CompletionTable } from '../language/language-facts.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { useDocument } from '../model/use-store.ts';

interface RelationSelectProps {
  readonly store: NotebookStore;
  readonly tables: readonly CompletionTable[];
  /** Id of the cell that shows it, which can't read itself. */
  readonly own: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (relation: string) => void;
}

/** Which cell or table something shows. */
export function RelationSelect({ store, tables, own, label, value, onChange }: RelationSelectProps) {
  const { cells } = useDocument(store);
  const names = cells.flatMap((cell) => (isNamedRelation(cell) && cell.id !== own ? [cell.name] : []));
  const all = [...names, ...tables.map(({ namespace, name }) => [...namespace, name].join('.'))];
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
