import { useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { TextField } from '#web/components/text-field.tsx';

interface FileNameProps {
  readonly name: string;
  /** Throws what is wrong with the name. */
  readonly onRename: (name: string) => void;
  readonly onDone: () => void;
}

/** The name that queries know a file by, being changed. */
export function FileName({ name, onRename, onDone }: FileNameProps) {
  const [text, setText] = useState(name);
  const [problem, setProblem] = useState<string | null>(null);
  const finish = () => {
    try {
      onRename(text);
      onDone();
    } catch (error) {
      setProblem(errorMessage(error));
    }
  };
  return (
    <div className="py-0.5">
      <TextField
        autoFocus
        aria-label={`Name of ${name} in queries`}
        aria-invalid={problem !== null}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setProblem(null);
        }}
        onFocus={(event) => event.target.select()}
        onBlur={() => (problem === null ? finish() : onDone())}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish();
          else if (event.key === 'Escape') onDone();
        }}
      />
      {problem !== null && (
        <p role="alert" className="px-2 py-0.5 text-xs text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}
