import type { ReactNode } from 'react';

/** What a person does whose browser is signed out: nothing is lost meanwhile, and this page goes on by itself. */
export function SignInHelp() {
  return (
    <>
      The server was started with another token, or this browser forgot it. Open the address that the server
      printed when it started (it ends in <span className="font-mono text-xs">?token=…</span>), or{' '}
      <SignInLink>open the sign-in page</SignInLink> and paste the token from it. Then come back here: what
      you wrote is kept in this browser and is saved then.
    </>
  );
}

/** In a tab of its own: this one has what is not saved, and results. */
export function SignInLink({ children }: { children: ReactNode }) {
  return (
    <a
      href="/"
      target="_blank"
      rel="noopener"
      className="rounded-sm font-medium text-accent-text underline underline-offset-2"
    >
      {children}
    </a>
  );
}
