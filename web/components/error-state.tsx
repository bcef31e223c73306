import { CircleAlert, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { isOffline } from '#web/lib/kept-answers.ts';
import { cn } from '#web/lib/class-names.ts';
import { Button } from './button.tsx';

interface ErrorStateProps {
  readonly error: unknown;
  /** What was being done: "The tables could not be read". */
  readonly title: string;
  /** In place of the error's own sentence. */
  readonly explanation?: ReactNode;
  readonly onRetry?: () => void;
  readonly action?: ReactNode;
  readonly className?: string;
}

const OFFLINE =
  'The server can’t be reached, and this browser keeps no copy of this. It comes by itself once the server answers.';

/** A failure in the place where the content would have been: sentence, code, way on. */
export function ErrorState({ error, title, explanation, onRetry, action, className }: ErrorStateProps) {
  const offline = isOffline(error);
  const Icon = offline ? WifiOff : CircleAlert;
  const requestId = isAppError(error) ? error.context['requestId'] : undefined;
  return (
    <div role="alert" className={cn('flex gap-3 p-4', className)}>
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', offline ? 'text-warn' : 'text-bad')} />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <p className="break-words text-ink-2">{explanation ?? (offline ? OFFLINE : errorMessage(error))}</p>
        {isAppError(error) && !offline && (
          <p className="mt-1 font-mono text-xs text-ink-3">
            {error.code}
            {typeof requestId === 'string' && ` · request ${requestId}`}
          </p>
        )}
        {(onRetry !== undefined || action !== undefined) && (
          <div className="mt-3 flex gap-2">
            {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
            {action}
          </div>
        )}
      </div>
    </div>
  );
}
