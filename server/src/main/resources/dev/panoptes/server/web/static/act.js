// Actions: every one is a call of the API with the session's token; what it answers is shown, and the page is asked for anew.
export const $ = (s, r = document) => r.querySelector(s);
export const $$ = (s, r = document) => [...r.querySelectorAll(s)];

export const changed = () => document.body.dispatchEvent(new CustomEvent('panoptes:change', { bubbles: false }));

export const toast = (text, bad) => {
  const box = $('#toast');
  if (!box) return;
  box.textContent = text;
  box.classList.toggle('bad', !!bad);
  box.classList.add('on');
  clearTimeout(toast.t);
  toast.t = setTimeout(() => box.classList.remove('on'), bad ? 9000 : 5000);
};

export const tell = (el, title, text) => {
  const tip = $('#tip');
  tip.replaceChildren(Object.assign(document.createElement('b'), { textContent: title }), Object.assign(document.createElement('span'), { textContent: text }));
  const r = el.getBoundingClientRect();
  tip.classList.add('on');
  tip.style.left = Math.max(8, Math.min(innerWidth - tip.offsetWidth - 8, r.left + r.width / 2 - tip.offsetWidth / 2)) + 'px';
  tip.style.top = (r.top > 70 ? r.top - tip.offsetHeight - 8 : r.bottom + 8) + 'px';
};
export const hush = () => $('#tip')?.classList.remove('on');

export async function call(method, path, body, match) {
  const headers = { Accept: 'application/json', 'X-CSRF-Token': $('meta[name=csrf-token]')?.content || '' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (match) headers['If-Match'] = match;
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw { detail: 'The server cannot be reached. Nothing was changed.', errors: [] };
  }
  const text = await answer.text();
  let json = null;
  try { json = text ? JSON.parse(text) : null; } catch { /* no JSON: the text is all there is */ }
  if (!answer.ok) throw { detail: json?.detail || answer.statusText, errors: json?.errors || [], status: answer.status };
  return json;
}

const put = (to, path, value) => {
  const keys = path.split('.');
  keys.slice(0, -1).forEach(k => (to = to[k] ??= {}));
  to[keys.at(-1)] = value;
};

const read = form => {
  const body = {};
  for (const el of form.elements) {
    if (!el.name || el.disabled || el.name.startsWith('_')) continue;
    if (el.type === 'checkbox') { if (el.checked) put(body, el.name, el.value === 'on' ? true : el.value); continue; }
    const value = el.value.trim();
    if (!value) { if (el.dataset.empty) put(body, el.name, JSON.parse(el.dataset.empty)); continue; }
    const kind = el.dataset.kind;
    put(body, el.name, kind === 'number' ? Number(value)
      : kind === 'list' ? value.split(/[\s,]+/).filter(Boolean)
      : kind === 'json' ? JSON.parse(value) : value);
  }
  return body;
};

export const failed = (form, e) => {
  const box = $('.wrong', form) || form.insertAdjacentElement('afterbegin', Object.assign(document.createElement('p'), { className: 'wrong' }));
  box.setAttribute('role', 'alert');
  box.textContent = (e.detail || String(e)) + (e.errors?.length ? ': ' + e.errors.map(x => `${(x.pointer || x.field || '').replace(/^#?\//, '')} ${x.detail || x.message || ''}`.trim()).join('; ') : '');
};

const secretOf = json => json?.token || json?.one_time_password || json?.secret;

async function submit(form) {
  const [method, path] = form.dataset.call.split(' ');
  const button = $('button:not([type=button])', form);
  let target = path;
  for (const el of form.elements) if (el.name?.startsWith('_')) target = target.replace(`{${el.name.slice(1)}}`, 'raw' in el.dataset ? el.value : encodeURIComponent(el.value));
  button && (button.disabled = true);
  try {
    const body = form.dataset.json ? JSON.parse(form.elements[form.dataset.json].value) : read(form);
    const json = await call(method, target, method === 'DELETE' ? undefined : body, form.dataset.match);
    $('.wrong', form)?.remove();
    const secret = secretOf(json);
    const result = $('.result', form);
    if (result && secret) {
      result.hidden = false;
      $('code', result).textContent = (result.dataset.before || '') + secret + (result.dataset.after || '');
      toast('Made. It is shown this once.');
    } else {
      toast(form.dataset.done || 'Done.');
      form.dataset.goto ? (location.href = form.dataset.goto.replace(/\{(\w+)\}/g, (_, k) => json?.[k] ?? '')) : refresh();
    }
  } catch (e) { failed(form, e instanceof SyntaxError ? { detail: 'That is not JSON: ' + e.message } : e); }
  button && (button.disabled = false);
}

/** What somebody has opened stays open when it comes anew. */
export const stayOpen = root => $$('details[id][open]').forEach(d => { const same = root.querySelector('#' + CSS.escape(d.id)); if (same) same.open = true; });

/** The page's content anew, where it stands. */
export function refresh(ids = ['rail-foot', 'nav-main', 'main']) {
  return fetch(location.href, { headers: { Accept: 'text/html' } }).then(answer => answer.text()).then(text => {
    const fresh = new DOMParser().parseFromString(text, 'text/html');
    stayOpen(fresh);
    for (const id of ids) {
      const now = document.getElementById(id), then = fresh.getElementById(id);
      if (!now || !then) continue;
      // Who has asked for news stays in the page until it comes.
      const asks = $('[hx-select-oob]', now);
      if (asks) $('[hx-select-oob]', then)?.replaceWith(asks);
      now.replaceWith(then);
      self.htmx?.process(then);
    }
    document.body.dispatchEvent(new CustomEvent('htmx:afterSettle'));
  });
}

async function press(button) {
  const [method, path] = button.dataset.call.split(' ');
  if (button.dataset.sure && !button.classList.contains('sure')) {
    const before = button.textContent;
    button.classList.add('sure');
    button.textContent = button.dataset.sure;
    setTimeout(() => { button.classList.remove('sure'); button.textContent = before; }, 5000);
    return;
  }
  button.disabled = true;
  try {
    const json = await call(method, path, button.dataset.body ? JSON.parse(button.dataset.body) : method === 'DELETE' ? undefined : {});
    if (json?.delivered === false) throw { detail: 'Not delivered: ' + json.why };
    const secret = secretOf(json);
    toast(secret ? 'One-time password: ' + secret : button.dataset.done || 'Done.');
    await refresh();
  } catch (e) { toast(e.detail || String(e), true); }
  button.disabled = false;
}

async function scan(button) {
  const label = $('span', button), began = performance.now();
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  const tick = () => (label.textContent = `Scanning, ${Math.round((performance.now() - began) / 1000)} s`);
  tick();
  const timer = setInterval(tick, 1000);
  try {
    const report = await call('POST', '/scan');
    toast(`Scan ${report.report_id} finished in ${((performance.now() - began) / 1000).toFixed(1)} s: ${report.health_score === null ? 'no score' : 'score ' + report.health_score}, ${report.failed_checks} failed, ${report.unknown_checks} not judged.`);
    await refresh();
  } catch (e) { toast(e.detail || String(e), true); }
  clearInterval(timer);
  button.setAttribute('aria-busy', 'false');
  label.textContent = 'Scan now';
}

document.addEventListener('submit', e => {
  const form = e.target;
  if (form.dataset.call) { e.preventDefault(); submit(form); }
});
document.addEventListener('click', e => {
  const button = e.target.closest('button');
  if (!button) return;
  if (button.dataset.call) press(button);
  if ('scan' in button.dataset) scan(button);
  if ('copy' in button.dataset) {
    const text = $('code', button.parentNode).textContent;
    const done = ok => { $('span', button).textContent = ok ? 'Copied' : 'Select it'; setTimeout(() => ($('span', button).textContent = 'Copy'), 1600); };
    navigator.clipboard ? navigator.clipboard.writeText(text).then(() => done(true), () => done(false)) : done(false);
  }
  if (button.dataset.open) { const d = $(button.dataset.open); d.hidden = !d.hidden; button.setAttribute('aria-expanded', !d.hidden); $('input,textarea,select', d)?.focus(); }
});
