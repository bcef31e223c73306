(() => {
  let theme = 'system';
  try {
    theme = localStorage.getItem('timestream.theme') || 'system';
  } catch {
    // Storage may be forbidden; the system's theme it is.
  }
  if (theme !== 'light' && theme !== 'dark') {
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  document.documentElement.dataset.theme = theme;
})();
