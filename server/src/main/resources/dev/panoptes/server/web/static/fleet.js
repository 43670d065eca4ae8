// The fleet's table, a window of rows at a time, and the map of all of it on one canvas.
import { $, $$, hush, refresh, tell } from './pages.js';

const RH = 36, PAGE = 60, NAME = { ok: 'Healthy', crit: 'Wrong identity', conf: 'Port conflict', deg: 'Degraded', off: 'Missing', pend: 'Not enrolled', unk: 'Not seen' };
const vt = $('#vt'), head = $('.vh-row', vt), body = $('.vbody', vt);
const COLS = [['', ''], ['Agent', 'name'], ['Port', 'port'], ['Host', 'host'], ['State', 'state'], ['Version', 'version'], ['Config', 'config'], ['CPU', 'cpu'], ['Issues', 'issues'], ['Heartbeats', ''], ['Seen', 'seen']];
const query = new URLSearchParams(location.search);
let total = 0, cursor = 0, pages = new Map(), serial = 0, drawn = '';

const el = (tag, props = {}, ...kids) => { const e = Object.assign(document.createElement(tag), props); e.append(...kids.filter(k => k != null)); return e; };
const span = s => s < 60 ? `${s | 0} s` : s < 3600 ? `${s / 60 | 0} min` : s < 86400 ? `${s / 3600 | 0} h` : `${s / 86400 | 0} d`;

function heads() {
  const by = query.get('sort') || 'state', down = query.get('dir') === 'desc';
  head.replaceChildren(...COLS.map(([word, col]) => {
    const cell = el('span');
    cell.setAttribute('role', 'columnheader');
    if (!col) { cell.append(el('span', { className: word ? '' : 'vh', textContent: word || 'Mark' })); return cell; }
    const mine = by === col;
    cell.setAttribute('aria-sort', mine ? down ? 'descending' : 'ascending' : 'none');
    if (/issues|seen|cpu/.test(col)) cell.className = 'num';
    const button = el('button', { type: 'button', textContent: word + (mine ? down ? ' ↓' : ' ↑' : '') });
    button.dataset.c = col;
    button.tabIndex = -1;
    cell.append(button);
    return cell;
  }));
}

// One bar for each quarter of an hour: whole, in part, silent, or not listened to.
function bars(quarters) {
  const d = { whole: '', some: '', none: '', unheard: '' };
  quarters.forEach((q, i) => { const x = (12 - quarters.length + i) * 8; q == null ? d.unheard += `M${x} 17h6v3h-6z` : q >= 90 ? d.whole += `M${x} 0h6v20h-6z` : q ? d.some += `M${x} 7h6v13h-6z` : d.none += `M${x + 1} 14h4v5h-4z`; });
  const silent = quarters.filter(q => q === 0).length, some = quarters.filter(q => q && q < 90).length;
  return `<svg class="beats" viewBox="0 0 96 20" preserveAspectRatio="none" role="img" aria-label="${quarters.length} quarters of an hour, ${some} with some missing, ${silent} silent"><path d="${d.whole}" fill="var(--ok-g)"/><path d="${d.some}" fill="var(--med-g)"/><path d="${d.none}" fill="none" stroke="var(--crit-g)" stroke-width="1.5"/><path d="${d.unheard}" fill="var(--tx3)"/></svg>`;
}
const use = cpu => { const s = el('span', { className: 'use' }); if (cpu != null) s.innerHTML = `<svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="4" fill="var(--s3)"/><rect width="${Math.max(0, Math.min(100, +cpu))}" height="4" fill="var(--${cpu > 80 ? 'high-g' : 'tx3'})"/></svg>`; return s; };

function row(a, i) {
  const beats = b => { const c = cell('t2'); if (b.length) c.innerHTML = bars(b); else c.textContent = '–'; return c; };
  const cell = (className, ...kids) => { const c = el('span', { className }, ...kids); c.setAttribute('role', 'gridcell'); return c; };
  const r = el('div', { className: 'vrow' });
  r.setAttribute('role', 'row');
  r.setAttribute('aria-rowindex', i + 2);
  r.setAttribute('aria-selected', i === cursor);
  r.style.top = i * RH + 'px';
  r.dataset.i = i;
  if (!a) { r.append(cell('nm t3', '…')); return r; }
  const mark = cell('');
  mark.innerHTML = `<svg class="eg ${a.state}-c" role="img" aria-label="${NAME[a.state]}"><use href="#e-${a.state}"/></svg>`;
  r.append(mark, cell('nm', el('bdi', { textContent: a.name, title: a.name })), cell('mono t2', a.port ?? ''), cell('mono t2 cut', a.host === 'local' ? 'this host' : a.host),
    cell('f1 ' + (a.state === 'ok' ? 't2' : a.state + '-c b'), NAME[a.state]), cell('t2 cut', a.version ?? '–'), cell('t2', a.config ? 'v' + a.config : '–'), cell('t2 num', use(a.cpu), el('span', { className: 'cn', textContent: a.cpu == null ? '–' : Math.round(a.cpu) + ' %' })), cell('t2 num', String(a.issues)), beats(a.beats), cell('t2 num', a.seen ? span(Math.max(0, (Date.now() - Date.parse(a.seen)) / 1000)) : 'never'));
  if (a.why) r.title = a.why;
  return r;
}

async function load(page) {
  if (pages.has(page)) return;
  pages.set(page, null);
  const mine = serial;
  try {
    const q = new URLSearchParams(query);
    q.set('from', page * PAGE);
    q.set('limit', PAGE);
    const answer = await fetch('/api/v1/fleet?' + q, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw 0;
    const json = await answer.json();
    if (mine !== serial) return;
    pages.set(page, json.items);
    if (json.total !== total || !body.style.height) { total = json.total; size(); }
    drawn = '';
    paint();
  } catch { if (mine === serial) pages.delete(page); }
}

function size() {
  body.style.height = Math.max(total * RH, 120) + 'px';
  vt.setAttribute('aria-rowcount', total + 1);
  $('#fcount').textContent = `${total.toLocaleString('en')} ${total === 1 ? 'agent' : 'agents'}`;
  cursor = Math.min(cursor, Math.max(0, total - 1));
}

function paint() {
  const a = Math.max(0, (vt.scrollTop / RH | 0) - 6), b = Math.min(total, a + Math.ceil(vt.clientHeight / RH) + 12);
  const key = `${a} ${b} ${cursor} ${total}`;
  if (key === drawn) return;
  drawn = key;
  for (let p = a / PAGE | 0; p <= Math.max(a, b - 1) / PAGE | 0; p++) load(p);
  const rows = [];
  for (let i = a; i < b; i++) rows.push(row(pages.get(i / PAGE | 0)?.[i % PAGE], i));
  vt.hidden = !total;
  none.hidden = !!total;
  body.replaceChildren(...rows);
  const first = Math.min(total, (vt.scrollTop / RH | 0) + 1);
  $('#frange').textContent = total ? `Rows ${first.toLocaleString('en')} to ${Math.min(total, first + (vt.clientHeight / RH | 0) - 1).toLocaleString('en')} of ${total.toLocaleString('en')}` : '';
}

function again(keep) {
  serial++;
  pages = new Map();
  if (!keep) { cursor = 0; vt.scrollTop = 0; }
  drawn = '';
  heads();
  load(vt.scrollTop / RH / PAGE | 0);
}

function asked() {
  query.delete('from');
  history.replaceState(null, '', location.pathname + (String(query) ? '?' + query : ''));
  again();
}

const none = el('p', { className: 'pad t2', hidden: true, textContent: 'No agent matches this filter. ' }, el('a', { className: 'lnk', href: '/fleet', textContent: 'Clear it' }));
vt.after(none);
$('#none')?.remove();
vt.hidden = false;
$('#plain').hidden = true;
$('#fpages').hidden = true;
let timer = 0;
$('#fq').addEventListener('input', e => { clearTimeout(timer); timer = setTimeout(() => { const v = e.target.value.trim(); v ? query.set('q', v) : query.delete('q'); asked(); }, 120); });
$('#ffilter').addEventListener('submit', e => e.preventDefault());
$('#fseg').addEventListener('click', e => {
  const a = e.target.closest('a');
  if (!a) return;
  e.preventDefault();
  $$('a', $('#fseg')).forEach(x => x === a ? x.setAttribute('aria-current', 'true') : x.removeAttribute('aria-current'));
  a.dataset.s ? query.set('state', a.dataset.s) : query.delete('state');
  asked();
});
head.addEventListener('click', e => {
  const c = e.target.dataset.c;
  if (!c) return;
  const by = query.get('sort') || 'state', down = query.get('dir') === 'desc';
  c === 'state' ? query.delete('sort') : query.set('sort', c);
  by === c && !down ? query.set('dir', 'desc') : query.delete('dir');
  asked();
});
const open = i => { const a = pages.get(i / PAGE | 0)?.[i % PAGE]; if (a) location.href = '/fleet/agent?id=' + encodeURIComponent(a.key); };
body.addEventListener('click', e => { const r = e.target.closest('.vrow'); if (r) open(+r.dataset.i); });
let framed = false;
vt.addEventListener('scroll', () => { if (!framed) { framed = true; requestAnimationFrame(() => { framed = false; paint(); }); } });
vt.addEventListener('keydown', e => {
  const page = (vt.clientHeight / RH | 0) - 2, step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 }[e.key];
  if (e.key === 'Enter') return open(cursor);
  if (step === undefined || e.target !== vt) return;
  e.preventDefault();
  cursor = Math.max(0, Math.min(total - 1, cursor + step));
  const y = cursor * RH;
  if (y < vt.scrollTop) vt.scrollTop = y;
  else if (y + RH * 2 > vt.scrollTop + vt.clientHeight) vt.scrollTop = y + RH * 2 - vt.clientHeight;
  paint();
});
again();
document.body.addEventListener('panoptes:change', () => { again(true); map(); refresh(['rail-foot', 'nav-main']); });

// the map
const canvas = $('#dens'), LETTER = { w: 'crit', c: 'conf', m: 'off', d: 'deg', u: 'unk', p: 'pend', h: 'ok' };
let groups = [], cells = [], pitch = 6;
const probe = el('i');
const colour = name => { probe.style.color = `var(${name})`; canvas.parentNode.append(probe); const c = getComputedStyle(probe).color; probe.remove(); return c; };

async function map() {
  try {
    const answer = await fetch('/api/v1/fleet/map?' + (query.has('group') ? 'group=' + query.get('group') : ''), { headers: { Accept: 'application/json' } });
    if (answer.ok) { groups = (await answer.json()).groups; draw(); }
  } catch { /* the last one stays */ }
}

function draw() {
  const W = canvas.clientWidth, H = canvas.clientHeight, dpr = devicePixelRatio || 1;
  if (!W || !groups.length) return;
  canvas.width = W * dpr;
  canvas.height = H * dpr;
  const x = canvas.getContext('2d');
  x.scale(dpr, dpr);
  const C = { ok: colour('--h4'), crit: colour('--crit-g'), conf: colour('--conf-g'), off: colour('--off-g'), deg: colour('--med-g'), pend: colour('--low-g'), unk: colour('--off-g') };
  const pad = 12, gap = 14, inner = W - pad * 2 - gap * (groups.length - 1), width = P => groups.reduce((s, g) => s + Math.ceil(g.states.length / Math.floor((H - 18) / P)) * P, 0);
  let P = 16;
  while (P > 2.5 && width(P) > inner) P -= .1;
  pitch = P;
  cells = [];
  const rows = Math.floor((H - 18) / P), spread = Math.min(40, gap + Math.max(0, inner - width(P)) / Math.max(1, groups.length - 1)), z = Math.max(1.4, P - Math.max(1.1, P * .28));
  let ox = pad;
  for (const g of groups) {
    for (let i = 0; i < g.states.length; i++) {
      const s = LETTER[g.states[i]], cx = ox + (i / rows | 0) * P, cy = 9 + i % rows * P;
      cells.push([cx, cy, s, g.name]);
      x.fillStyle = x.strokeStyle = C[s];
      if (s === 'off') x.fillRect(cx, cy + z / 2 - .7, z, 1.4);
      else if (s === 'pend' || s === 'unk') { x.lineWidth = 1; x.strokeRect(cx + .5, cy + .5, z - 1, z - 1); }
      else { x.beginPath(); x.arc(cx + z / 2, cy + z / 2, s === 'ok' ? z * .43 : z / 2 + .25, 0, 7); x.fill(); }
    }
    ox += Math.ceil(g.states.length / rows) * P + spread;
  }
}

canvas.addEventListener('mousemove', e => {
  const r = canvas.getBoundingClientRect(), mx = e.clientX - r.left, my = e.clientY - r.top;
  const c = cells.find(c => mx >= c[0] && mx < c[0] + pitch && my >= c[1] && my < c[1] + pitch);
  if (!c) return hush();
  tell({ getBoundingClientRect: () => ({ left: e.clientX, top: e.clientY - 4, width: 0, bottom: e.clientY + 12 }) }, NAME[c[2]], 'on ' + c[3]);
});
canvas.addEventListener('mouseleave', hush);
addEventListener('resize', draw);
addEventListener('themechange', draw);
map();
