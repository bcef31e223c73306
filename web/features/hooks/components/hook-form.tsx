import { useId, useState } from 'react';
import type { CreateHookRequest, HookEvent, HookInfo } from '#shared/contract/hooks.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { Field } from '#web/components/field.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { SUBJECTS } from '../model/hook-words.ts';

interface HookFormProps {
  /** Undefined: a new one is made, which can be given a secret. */
  readonly hook: HookInfo | undefined;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onSubmit: (request: CreateHookRequest) => void;
}

/** Where to send, what of, and what becomes of an operation when nobody answers. */
export function HookForm({ hook, pending, error, onSubmit }: HookFormProps) {
  const [name, setName] = useState(hook?.name ?? '');
  const [url, setUrl] = useState(hook?.url ?? '');
  const [events, setEvents] = useState<ReadonlySet<HookEvent>>(new Set(hook?.events ?? ['post-commit']));
  const [refPattern, setRefPattern] = useState(hook?.refPattern ?? '');
  const [seconds, setSeconds] = useState(String((hook?.timeoutMs ?? 5000) / 1000));
  const [onFailure, setOnFailure] = useState<HookInfo['onFailure']>(hook?.onFailure ?? 'REFUSE');
  const [secret, setSecret] = useState('');
  const badUrl = url !== '' && !/^https?:\/\/[^\s/]+/.test(url);
  const timeoutMs = Math.round(Number(seconds) * 1000);
  const badTime = !(timeoutMs >= 100 && timeoutMs <= 60_000);
  const shortSecret = secret !== '' && secret.length < 16;
  const asks = [...events].some((event) => event.startsWith('pre-'));
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit({
          name: name.trim(),
          url: url.trim(),
          events: [...events],
          refPattern: refPattern.trim() === '' ? null : refPattern.trim(),
          active: hook?.active ?? true,
          timeoutMs,
          onFailure,
          ...(secret === '' ? {} : { secret }),
        });
      }}
    >
      <Field label="Name">
        {(tie) => (
          <TextField
            {...tie}
            value={name}
            maxLength={200}
            placeholder="e.g. Tell the build"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Address"
        problem={badUrl ? 'An address that begins with http:// or https://.' : null}
        note="A POST with JSON goes there. Redirects are not followed."
      >
        {(tie) => (
          <TextField
            {...tie}
            inputMode="url"
            value={url}
            maxLength={2000}
            placeholder="https://…"
            onChange={(event) => setUrl(event.target.value)}
          />
        )}
      </Field>
      <Events events={events} onEvents={setEvents} />
      <div className="grid grid-cols-2 gap-3">
        <Field label="Only of branches and tags named" note="* stands for any letters; all where empty.">
          {(tie) => (
            <TextField
              {...tie}
              value={refPattern}
              maxLength={255}
              placeholder="e.g. release/*"
              onChange={(event) => setRefPattern(event.target.value)}
            />
          )}
        </Field>
        <Field
          label="Seconds to answer in"
          problem={badTime ? 'From 0.1 to 60 seconds.' : null}
          note="What takes longer has failed."
        >
          {(tie) => (
            <TextField
              {...tie}
              inputMode="decimal"
              value={seconds}
              onChange={(event) => setSeconds(event.target.value)}
            />
          )}
        </Field>
      </div>
      {asks && (
        <div className="flex flex-wrap items-center gap-2">
          <span className="text-ink-2">When it does not answer beforehand</span>
          <Segmented
            label="When it does not answer beforehand"
            value={onFailure}
            onChange={setOnFailure}
            options={[
              { value: 'REFUSE', label: 'Refuse the operation' },
              { value: 'ALLOW', label: 'Let it happen' },
            ]}
          />
        </div>
      )}
      {hook === undefined && (
        <Field
          label="Secret"
          problem={shortSecret ? 'At least 16 characters.' : null}
          note="Signs what is sent. One is made up where this is empty; it is shown once."
        >
          {(tie) => (
            <TextField
              {...tie}
              type="password"
              autoComplete="new-password"
              value={secret}
              maxLength={500}
              onChange={(event) => setSecret(event.target.value)}
            />
          )}
        </Field>
      )}
      {error !== null && (
        <p role="alert" className="break-words text-bad">
          {errorMessage(error)}
        </p>
      )}
      <div>
        <Button
          look="primary"
          type="submit"
          disabled={
            name.trim() === '' ||
            url === '' ||
            badUrl ||
            badTime ||
            shortSecret ||
            events.size === 0 ||
            pending
          }
        >
          {pending ? 'Saving…' : hook === undefined ? 'Create webhook' : 'Save'}
        </Button>
      </div>
    </form>
  );
}

interface EventsProps {
  readonly events: ReadonlySet<HookEvent>;
  readonly onEvents: (events: ReadonlySet<HookEvent>) => void;
}

function Events({ events, onEvents }: EventsProps) {
  const id = useId();
  const box = (event: HookEvent, label: string) => (
    <input
      type="checkbox"
      aria-label={label}
      checked={events.has(event)}
      onChange={(change) => {
        const next = new Set(events);
        if (change.target.checked) next.add(event);
        else next.delete(event);
        onEvents(next);
      }}
      className="accent-(--accent)"
    />
  );
  return (
    <table aria-labelledby={id} className="w-full border-collapse">
      <caption id={id} className="pb-1 text-left text-xs text-ink-2">
        When
      </caption>
      <thead>
        <tr className="h-6 border-b text-left text-xs text-ink-3 *:font-normal">
          <th scope="col">What happens</th>
          <th scope="col" className="w-28 text-center">
            Before: it may refuse
          </th>
          <th scope="col" className="w-28 text-center">
            After: it is told
          </th>
        </tr>
      </thead>
      <tbody>
        {SUBJECTS.map(({ subject, label }) => (
          <tr key={subject} className="h-7 border-b last:border-b-0">
            <th scope="row" className="text-left font-normal">
              {label}
            </th>
            <td className="text-center">{box(`pre-${subject}`, `Before: ${label}`)}</td>
            <td className="text-center">{box(`post-${subject}`, `After: ${label}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
