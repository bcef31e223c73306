/**
 * What a browser without the token sees. It stands alone (no script, no asset), since assets need the token
 * too. `why` is one of our own sentences, never input.
 */
export function signInPage(why: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · TimeStream</title>
<style>
  :root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f7f8fa, #14161a); color: light-dark(#1b1f27, #e6e8ec); }
  main { width: min(400px, calc(100vw - 48px)); }
  h1 { font-size: 18px; font-weight: 600; margin: 0 0 8px; }
  p { margin: 0 0 16px; color: light-dark(#555d6b, #a2a9b5); }
  code { font-family: ui-monospace, monospace; font-size: 13px; }
  label { display: block; font-weight: 500; margin-bottom: 4px; }
  form div { display: flex; gap: 8px; }
  input, button { font: inherit; height: 32px; border-radius: 6px; box-sizing: border-box; }
  input { flex: 1; padding: 0 8px; border: 1px solid light-dark(#c3c8d1, #3c424d); background: light-dark(#fff, #1b1e24); color: inherit; }
  button { padding: 0 12px; border: 0; background: #2f5fd0; color: #fff; font-weight: 500; }
  :focus-visible { outline: 2px solid light-dark(#2f5fd0, #8fb0ff); outline-offset: 2px; }
</style>
</head>
<body>
<main>
  <h1>TimeStream</h1>
  <p>${why} Open the address that the server printed when it started, or paste the token from it: it is also in the file <code>token</code> of the lakehouse folder.</p>
  <form method="get" action="/">
    <label for="token">Token</label>
    <div><input id="token" name="token" type="password" autocomplete="off" required autofocus><button>Sign in</button></div>
  </form>
</main>
</body>
</html>`;
}
