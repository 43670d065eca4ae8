// Before the first paint: the chosen theme, and that there is a script.
(() => {
  const root = document.documentElement;
  let theme = new URLSearchParams(location.search).get('theme');
  try { theme = theme || localStorage.theme; } catch { /* storage is off: the system decides */ }
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  root.classList.add('js');
})();
