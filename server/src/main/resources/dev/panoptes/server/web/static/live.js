// One stream for all tabs of a browser: whoever holds the lock reads it and tells the others. It goes on where it broke off.
import { $, changed } from './act.js';

const channel = 'BroadcastChannel' in self ? new BroadcastChannel('panoptes') : null;
const HIDDEN = 60000, SILENT = 40000, MOST = 8;
let last = document.body.dataset.stream || '', fresh = new Date(), state = '', control = null, leads = false, paused = false, pending = 0;

const clock = d => d.toISOString().slice(11, 19);
const show = next => {
  const box = $('#live');
  if (!box || next === state && next !== 'lost') return;
  const was = state;
  state = next;
  box.classList.toggle('lost', next !== 'live');
  box.lastElementChild.textContent = next === 'live' ? 'Live' : next === 'out' ? 'Logged out' : `Reconnecting. Data from ${clock(fresh)}`;
  if (next === 'live' && was === 'lost') soon();
};
const tell = message => { hear(message); channel?.postMessage(message); };
const soon = () => { pending ||= setTimeout(() => { pending = 0; changed(); }, 1000); };

function hear(m) {
  if (m.ask) { if (leads) channel.postMessage({ state, id: last }); return; }
  if (m.state) { show(m.state); if (m.id && last && Number(m.id) > Number(last)) { last = m.id; soon(); } return; }
  last = m.id || last;
  fresh = new Date();
  if (m.type === 'reset') return soon();
  let data;
  try { data = JSON.parse(m.data); } catch { return; }
  if (m.type === 'scan') { const at = $('#last-scan'); if (at) at.textContent = clock(new Date(data.completed_at)); if (data.changed === false) return soon(); }
  if (m.type !== 'alert') later(m.type, data);
  if (m.type === 'issue' && data.severity === 'critical' && (data.to === 'new' || data.to === 'regressed')) $('#alarm').textContent = `Critical: ${data.title}`;
  soon();
}

async function read(signal) {
  const headers = { Accept: 'text/event-stream' };
  if (last) headers['Last-Event-ID'] = last;
  const stop = new AbortController(), end = () => stop.abort();
  signal.addEventListener('abort', end);
  let dog = setTimeout(end, SILENT);
  try {
    const answer = await fetch('/api/v1/stream', { headers, signal: stop.signal });
    if (answer.status === 401 || answer.status === 403) { tell({ state: 'out' }); control?.abort(); return; }
    if (!answer.ok) throw new Error(answer.status);
    tell({ state: 'live' });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(dog);
      dog = setTimeout(end, SILENT);
      fresh = new Date();
      text += value;
      for (let cut; (cut = text.indexOf('\n\n')) >= 0; text = text.slice(cut + 2)) {
        const m = { type: '', data: '', id: '' };
        for (const row of text.slice(0, cut).split('\n')) {
          const at = row.indexOf(': ');
          if (at > 0) m[row.slice(0, at) === 'event' ? 'type' : row.slice(0, at)] = row.slice(at + 2);
        }
        if (m.id) last = m.id;
        if (m.type) tell({ type: m.type, data: m.data, id: m.id });
      }
    }
  } finally { clearTimeout(dog); signal.removeEventListener('abort', end); }
}

async function lead(signal) {
  leads = true;
  for (let wait = 500; !signal.aborted; wait = Math.min(wait * 2, 8000)) {
    const began = Date.now();
    try { await read(signal); } catch { /* told below */ }
    if (signal.aborted) break;
    if (Date.now() - began > 10000) wait = 500;
    tell({ state: 'lost' });
    await new Promise(go => setTimeout(go, wait + Math.random() * 300));
  }
  leads = false;
}

function want() {
  if (control && !control.signal.aborted) return;
  control = new AbortController();
  const { signal } = control;
  if (!navigator.locks) return void lead(signal);
  navigator.locks.request('panoptes-stream', { signal }, () => lead(signal)).catch(() => {});
  channel?.postMessage({ ask: 1 });
}

// However many come, the feed is touched once a second, and only by those that stay.
let lines = [], frame = 0, drawn = 0;
const later = (type, d) => {
  lines.push([type, d]);
  if (lines.length > MOST) lines.shift();
  frame ||= setTimeout(flush, Math.max(0, drawn + 1000 - Date.now()));
};

function flush() {
  const feed = $('#feed'), rows = lines;
  frame = 0;
  drawn = Date.now();
  lines = [];
  if (!feed || paused || feed.matches(':hover')) return;
  feed.prepend(...rows.map(r => line(...r, rows.length < 3)).reverse());
  $('#feed-none')?.remove();
  while (feed.children.length > MOST) feed.lastChild.remove();
}

function line(type, d, alone) {
  const word = t => t ? t[0].toUpperCase() + t.slice(1).replaceAll('_', ' ') : '';
  const issue = d.fingerprint && '/integrity/issues/' + encodeURIComponent(d.fingerprint);
  const [severity, what, rest, href] = {
    scan: () => ['info', 'Scan ' + d.report_id, `${d.health_score === null ? 'nothing was judged' : 'score ' + d.health_score}, ${d.total_issues} issue${d.total_issues === 1 ? '' : 's'}`, '/api/v1/scans/' + d.report_id],
    issue: () => [d.severity, word(d.to), d.title, issue],
    host: () => [d.state === 'silent' ? 'high' : 'info', 'Host ' + d.state, d.name],
    waiver: () => ['info', 'Waiver ' + d.action, d.reason, '/settings/waivers'],
    silence: () => ['info', 'Silence ' + d.action, d.reason, '/settings/silences'],
  }[type]?.() ?? [d.severity || 'info', word(type) + (d.to ? ' ' + d.to : ''), d.title || d.subject || ''];
  const tone = { critical: 'crit', high: 'high', medium: 'med', low: 'low' }[severity] || 'info';
  const li = document.createElement('li');
  if (alone) li.className = 'new';
  li.innerHTML = `<time></time><svg class="sev ${tone}-c" role="img"><use href="#s-${tone}"/></svg><span class="m"></span>`;
  li.firstChild.textContent = clock(new Date(d.at || d.completed_at || Date.now()));
  li.children[1].setAttribute('aria-label', word(severity));
  const to = href ? Object.assign(document.createElement('a'), { href }) : li.lastChild;
  if (href) li.lastChild.append(to);
  to.append(Object.assign(document.createElement('b'), { textContent: what }), ' ' + rest);
  return li;
}

if ($('#live')) {
  channel?.addEventListener('message', e => hear(e.data));
  let leave = 0;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(leave);
    if (document.hidden) leave = setTimeout(() => control?.abort(), HIDDEN);
    else want();
  });
  want();
  document.addEventListener('click', e => {
    const pause = e.target.closest('#pause');
    if (pause) { paused = !paused; pause.setAttribute('aria-pressed', paused); pause.textContent = paused ? 'Resume' : 'Pause'; }
  });
}
