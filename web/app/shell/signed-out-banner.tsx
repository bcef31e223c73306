import { KeyRound } from 'lucide-react';
import { SignInHelp } from '#web/components/sign-in-help.tsx';

/** The server refuses this browser: why nothing can be read, and how to go on without losing anything. */
export function SignedOutBanner() {
  return (
    <div role="alert" className="flex gap-3 border-b bg-warn-soft px-4 py-2">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" strokeWidth={1.75} />
      <p className="min-w-0 text-ink-2">
        <span className="font-medium text-ink">This browser is signed out.</span> <SignInHelp />
      </p>
    </div>
  );
}
