// What makes the pages quicker; without it they read as documents.
import { $, $$, changed, hush, stayOpen, tell, toast } from './act.js';
import './live.js';
import './find.js';

// theme
$('[data-theme-toggle]')?.addEventListener('click', () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme:dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  try { localStorage.theme = root.dataset.theme; } catch { /* for this page only */ }
  dispatchEvent(new Event('themechange'));
});

// tips
if ($('#tip')) {
  const hint = e => {
    const el = e.target.closest?.('.eye,[data-tip]');
    if (!el) return hush();
    const [title, text] = (el.dataset.tip || el.getAttribute('aria-label').replace(', ', '|')).split('|');
    tell(el, title, text || '');
  };
  document.addEventListener('mouseover', hint);
  document.addEventListener('focusin', hint);
  document.addEventListener('focusout', hush);
  document.addEventListener('scroll', hush, true);
}

// maps: one tab stop, arrow keys move as one sees
const rove = box => {
  const of = () => $$('.eye,a.pc,a.mc', box);
  const first = of();
  if (!first.length) return;
  first.forEach((x, i) => (x.tabIndex = i ? -1 : 0));
  if (box.dataset.roves) return;
  box.dataset.roves = 1;
  box.addEventListener('keydown', e => {
    const els = of(), k = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    let next;
    if (k) {
      const [dx, dy] = k, a = e.target.getBoundingClientRect(), cx = a.left + a.width / 2, cy = a.top + a.height / 2;
      let least = 1e9;
      for (const el of els) {
        if (el === e.target) continue;
        const b = el.getBoundingClientRect(), x = b.left + b.width / 2 - cx, y = b.top + b.height / 2 - cy;
        const along = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
        if (along < 4 || dx && aside > 14) continue;
        if (along + aside * 2 < least) { least = along + aside * 2; next = el; }
      }
    } else if (e.key === 'Home') next = els[0];
    else if (e.key === 'End') next = els.at(-1);
    else return;
    e.preventDefault();
    if (next) { els.forEach(x => (x.tabIndex = -1)); next.tabIndex = 0; next.focus(); }
  });
};
const dress = () => $$('#eyes,.pmap,.mx').forEach(rove);
dress();

// a legend lights up its state while one points at it
document.addEventListener('pointerover', e => {
  const on = e.target.closest?.('[data-light]'), box = $('#eyes');
  if (!box) return;
  box.classList.toggle('dimmed', !!on);
  if (on) $$('.eye', box).forEach(x => x.classList.toggle('keep', x.dataset.state === on.dataset.light));
});

// what is under the pointer or has the focus is not swapped away
const busy = el => el && (el.matches(':hover') && el.matches('.rows,#needs') || el.contains(document.activeElement) && document.activeElement.matches('input,textarea,select') || $('details[open] form,form:not([hidden]) .wrong', el));
const late = new Set();
document.body.addEventListener('htmx:oobBeforeSwap', e => {
  const { target, fragment } = e.detail, part = fragment.firstElementChild;
  part.came = part.innerHTML;
  // What comes as it came before is not laid out again.
  if (target.came === part.came) return void (e.detail.shouldSwap = false);
  stayOpen(fragment);
  if (busy(target)) { e.detail.shouldSwap = false; late.add(target.id); }
});
document.body.addEventListener('pointerout', () => { if (late.size && ![...late].some(id => busy(document.getElementById(id)))) { late.clear(); document.body.dispatchEvent(new CustomEvent('panoptes:change')); } });
// Some pages have an address in common with data, which is what they give to whoever names no form.
document.body.addEventListener('htmx:configRequest', e => { e.detail.headers.Accept = 'text/html'; });
document.body.addEventListener('htmx:afterSettle', dress);
document.body.addEventListener('htmx:oobAfterSwap', dress);
document.body.addEventListener('htmx:sendError', () => {});
document.body.addEventListener('htmx:responseError', e => { if (e.detail.xhr.status === 401) location.reload(); else if (e.detail.xhr.status < 500) toast('The server refused: ' + e.detail.xhr.status, true); });

// ages grow
const DAY = 864e5;
const span = ms => { const s = Math.max(0, ms / 1000 | 0); return s < 60 ? `${s} s` : s < 3600 ? `${s / 60 | 0} min` : s < 86400 ? `${s / 3600 | 0} h${s % 3600 / 60 | 0 ? ` ${s % 3600 / 60 | 0} min` : ''}` : `${s / 86400 | 0} d${ms < 7 * DAY && s % 86400 / 3600 | 0 ? ` ${s % 86400 / 3600 | 0} h` : ''}`; };
let ticks = 0;
setInterval(() => {
  if (document.hidden) return;
  const now = Date.now();
  $$('time[data-in]').forEach(t => (t.textContent = span(Date.parse(t.dateTime) - now)));
  if (++ticks % 10) return;
  $$('time[data-ago]').forEach(t => { const ms = now - Date.parse(t.dateTime); if (ms >= 0) t.textContent = span(ms); });
  // What happens by the clock alone, such as a minute in which nothing came.
  if (ticks % 60 === 0) changed();
}, 1000);

// keys
const GO = { c: '/dashboard', f: '/fleet', i: '/integrity', d: '/detections', t: '/tickets', s: '/settings', a: '/api' };
let g = 0;
document.addEventListener('keydown', e => {
  if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === 'k') { e.preventDefault(); return document.dispatchEvent(new Event('panoptes:find')); }
  if (e.key === 'Escape') $$('details.menu[open]').forEach(d => { d.open = false; $('summary', d).focus(); });
  if (e.target.matches('input,textarea,select,[contenteditable]') || e.metaKey || e.ctrlKey || e.altKey) return;
  if (e.key === '/') { e.preventDefault(); const q = $('#fq'); return q ? q.focus() : document.dispatchEvent(new Event('panoptes:find')); }
  if (e.key === 'g') return void (g = Date.now());
  if (Date.now() - g < 900 && GO[e.key]) { g = 0; return void (location.href = GO[e.key]); }
  if (e.key === 's') $('[data-scan]')?.click();
  if (e.key === 'a' || e.key === 't') ($(`details[open] [data-key=${e.key}]`) || $(`[data-key=${e.key}]`))?.click();
  if (e.key === 'j' || e.key === 'k') {
    const rows = $$('[data-row]'), at = rows.indexOf(document.activeElement.closest?.('[data-row]'));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + (e.key === 'j' ? 1 : -1)))];
    if (next && !$('#vt')) { e.preventDefault(); next.focus(); next.scrollIntoView({ block: 'nearest' }); }
  }
});
document.addEventListener('click', e => $$('details.menu[open]').forEach(d => { if (!d.contains(e.target)) d.open = false; }));
