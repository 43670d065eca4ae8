// Long forms: what a configuration would change, and calls to try.
import { $, failed, refresh } from './pages.js';

/** What would change, line by line, before it is saved. */
function preview(form) {
  const box = $(form.dataset.diff), field = form.elements[form.dataset.json], format = t => JSON.stringify(JSON.parse(t), null, 2).split('\n');
  let a, b;
  try { a = format(field.defaultValue); b = format(field.value); } catch (e) { return failed(form, { detail: 'That is not JSON: ' + e.message }); }
  const L = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) L[i][j] = a[i] === b[j] ? L[i + 1][j + 1] + 1 : Math.max(L[i + 1][j], L[i][j + 1]);
  const rows = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const [k, t] = i < a.length && j < b.length && a[i] === b[j] ? ['n', (j++, a[i++])] : j < b.length && (i === a.length || L[i][j + 1] >= L[i + 1][j]) ? ['a', b[j++]] : ['d', a[i++]];
    rows.push(Object.assign(document.createElement('div'), { className: k, textContent: t }));
  }
  box.replaceChildren(...rows);
  box.hidden = false;
}

async function attempt(form) {
  const out = $('output', form);
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const el of form.elements) {
    if (!el.name || el.name === 'body' || !el.value) continue;
    if (path.includes(`{${el.name}}`)) path = path.replace(`{${el.name}}`, encodeURIComponent(el.value));
    else query.set(el.name, el.value);
  }
  const body = form.elements.body?.value, method = form.dataset.method, url = path + (String(query) ? '?' + query : '');
  const began = performance.now();
  try {
    const headers = { Accept: 'application/json', 'X-CSRF-Token': $('meta[name=csrf-token]')?.content || '' };
    if (body) headers['Content-Type'] = 'application/json';
    const answer = await fetch(url, { method, headers, body: body || undefined });
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* as it came */ }
    out.textContent = `${method} ${url}\n${answer.status} in ${Math.round(performance.now() - began)} ms\n\n${shown.length > 20000 ? shown.slice(0, 20000) + '\n…' : shown}`;
  } catch { out.textContent = 'The server cannot be reached.'; }
  out.hidden = false;
}

// These pages go without htmx: what it would ask for anew is asked for here.
let due = 0;
document.body.addEventListener('panoptes:change', () => {
  const asks = $('[hx-select-oob]');
  if (!asks || due) return;
  due = setTimeout(() => { due = 0; refresh(asks.getAttribute('hx-select-oob').replaceAll('#', '').split(',')).catch(() => { /* the next change asks again */ }); }, 1000);
});

document.addEventListener('submit', e => { if (e.target.dataset.method) { e.preventDefault(); attempt(e.target); } });
document.addEventListener('click', e => { const button = e.target.closest('[data-preview]'); if (button) preview(button.closest('form')); });
