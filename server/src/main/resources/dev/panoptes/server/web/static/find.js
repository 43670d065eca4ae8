// The palette: agents, issues, hosts and pages, the worst state first.
import { $ } from './act.js';

const PAGES = [['Command Center', '/dashboard'], ['Fleet', '/fleet'], ['Integrity', '/integrity'], ['Detections', '/detections'], ['Tickets', '/tickets'], ['Settings', '/settings'], ['API', '/api'], ['Last report', '/scan/last']];
const pal = $('#pal');
if (pal) {
  const input = $('input', pal), list = $('#pal-l');
  let rows = [], at = 0, asked = 0, timer = 0;
  const draw = () => {
    at = Math.max(0, Math.min(at, rows.length - 1));
    list.replaceChildren(...(rows.length ? rows.map((r, i) => {
      const li = document.createElement('li');
      li.id = 'po' + i;
      li.setAttribute('role', 'option');
      li.setAttribute('aria-selected', i === at);
      if (r.state) li.innerHTML = `<svg class="${r.state}-c" aria-hidden="true"><use href="#${r.kind === 'issue' ? 's' : 'e'}-${r.state}"/></svg>`;
      const name = document.createElement('bdi');
      name.textContent = r.title;
      li.append(name, Object.assign(document.createElement('span'), { className: 'end', textContent: r.detail }));
      li.dataset.i = i;
      return li;
    }) : [Object.assign(document.createElement('li'), { textContent: 'Nothing matches. Try a port, such as 8020.' })]));
    rows.length ? input.setAttribute('aria-activedescendant', 'po' + at) : input.removeAttribute('aria-activedescendant');
  };
  const ask = async () => {
    const q = input.value.trim(), mine = ++asked;
    const pages = PAGES.filter(p => p[0].toLowerCase().includes(q.toLowerCase())).map(p => ({ title: p[0], detail: 'page', href: p[1] }));
    try {
      const answer = await fetch('/api/v1/find?limit=9&q=' + encodeURIComponent(q), { headers: { Accept: 'application/json' } });
      const found = answer.ok ? (await answer.json()).items : [];
      if (mine !== asked) return;
      rows = (q ? [...found, ...pages] : [...pages.slice(0, 5), ...found]).slice(0, 10);
    } catch { rows = pages; }
    draw();
  };
  const open = () => { input.value = ''; at = 0; rows = []; pal.showModal(); ask(); input.focus(); };
  const go = i => rows[i] && (location.href = rows[i].href);
  input.addEventListener('input', () => { clearTimeout(timer); at = 0; timer = setTimeout(ask, 80); });
  input.addEventListener('keydown', e => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); at = (at + (e.key === 'ArrowDown' ? 1 : -1) + rows.length) % rows.length; draw(); }
    if (e.key === 'Enter') { e.preventDefault(); go(at); }
  });
  list.addEventListener('click', e => { const li = e.target.closest('[data-i]'); if (li) go(+li.dataset.i); });
  pal.addEventListener('click', e => { if (e.target === pal) pal.close(); });
  $('[data-pal]')?.addEventListener('mousedown', e => { e.preventDefault(); open(); });
  $('[data-pal]')?.addEventListener('keydown', e => { if (e.key !== 'Tab' && e.key !== 'Shift') { e.preventDefault(); open(); if (e.key.length === 1 && e.key !== '/') { input.value = e.key; ask(); } } });
  document.addEventListener('panoptes:find', open);
}
