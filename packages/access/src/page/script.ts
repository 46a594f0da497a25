/**
 * The one script of the page: filter, search, matrix and the reasons of a cell. The tables need none of it. It makes
 * elements and texts, never markup, and it makes those only that are seen: of 400,000 cells a page of some hundred.
 */
export const SCRIPT = String.raw`
'use strict';
(() => {
const data = JSON.parse(document.getElementById('data').textContent);
const PAGE = { rows: 50, columns: 12 };
const CHIPS = { allowed: '', 'allowed-if': ' if', unknown: ' ?', 'denied-explicitly': ' ✕' };
const WORDS = { allowed: 'allowed', 'allowed-if': 'allowed under conditions', unknown: 'unknown', 'denied-explicitly': 'denied explicitly', denied: 'denied' };
const SHORT = { use: 'use', administer: 'admin', 'hand on': 'hand on' };
const find = (id) => document.getElementById(id);
const make = (tag, properties, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};
const denied = data.standings.indexOf('denied');
const explicit = data.standings.indexOf('denied-explicitly');

// A name breaks after its slashes first.
const nameOf = (name) => make('bdi', {}, ...name.split(/(?<=[/:])/).flatMap((part) => [part, make('wbr', {})]));

// For each key the profile of each principal.
const profiles = data.rows.map((flat) => {
  const found = new Map();
  for (let at = 0; at < flat.length; at += 2) found.set(flat[at], flat[at + 1]);
  return found;
});
const standingOf = (profile, group) => {
  const standings = data.profiles[profile][0].filter((one, at) => one >= 0 && (group < 0 || at === group));
  return standings.length === 0 ? denied : Math.min(...standings);
};
const reached = data.principals.map(() => 0);
for (const one of profiles) for (const [who, profile] of one) if (standingOf(profile, -1) < explicit) reached[who] += 1;

const controls = { who: find('who'), key: find('which'), group: find('group'), standing: find('standing'), order: find('order') };
const start = { row: 0, column: 0 };
let shown = { rows: [], columns: [] };

const wanted = () => ({
  who: controls.who.value.trim().toLowerCase(),
  key: controls.key.value.trim().toLowerCase(),
  group: data.groups.indexOf(controls.group.value),
  standing: controls.standing.value,
});
const isWanted = (profile, { group, standing }) => {
  if (profile === undefined) return standing === 'any';
  const found = standingOf(profile, group);
  if (standing === 'any') return true;
  if (standing === 'reaches') return found < explicit;
  return data.standings[found] === standing;
};

function select() {
  const filter = wanted();
  const text = ([name, , more]) => (name + ' ' + more).toLowerCase();
  const keys = data.keys.map((_, at) => at).filter((at) => text([data.keys[at][0], '', data.keys[at][1]]).includes(filter.key));
  const whos = data.principals.map((_, at) => at).filter((at) => (text(data.principals[at]) + ' ' + data.principals[at][1]).includes(filter.who));
  const hit = new Set();
  const rows = whos.filter((who) => {
    let any = false;
    for (const key of keys) if (isWanted(profiles[key].get(who), filter)) { hit.add(key); any = true; }
    return any;
  });
  if (controls.order.value === 'name') rows.sort((a, b) => (data.principals[a][0] < data.principals[b][0] ? -1 : 1));
  if (controls.order.value === 'most') rows.sort((a, b) => reached[b] - reached[a] || a - b);
  shown = { rows, columns: keys.filter((key) => hit.has(key)) };
  start.row = 0;
  start.column = 0;
}

function cell(who, key) {
  const profile = profiles[key].get(who);
  const chips = profile === undefined ? [] : data.groups.flatMap((group, at) => {
    const standing = data.profiles[profile][0][at];
    // One Deny for everyone would mark every cell: it is shown to whoever asks for it.
    if (standing < 0 || standing === denied || (standing === explicit && controls.standing.value === 'reaches')) return [];
    const name = data.standings[standing];
    return [make('span', { className: 'chip s-' + name, 'aria-hidden': 'true' }, SHORT[group] + CHIPS[name])];
  });
  const words = profile === undefined ? 'not spoken of' : data.groups.flatMap((group, at) => {
    const standing = data.profiles[profile][0][at];
    return standing < 0 ? [] : [group + ' ' + WORDS[data.standings[standing]]];
  }).join(', ');
  const dash = make('span', { className: 'muted', 'aria-hidden': 'true' }, '–');
  const button = make('button', { type: 'button' }, ...(chips.length === 0 ? [dash] : chips));
  button.append(make('span', { className: 'unseen' }, words + '. Why?'));
  button.addEventListener('click', () => go(who, key));
  return make('td', {}, button);
}

function draw() {
  const rows = shown.rows.slice(start.row, start.row + PAGE.rows);
  const columns = shown.columns.slice(start.column, start.column + PAGE.columns);
  const head = make('tr', {}, make('th', { scope: 'col' }, 'Principal'));
  for (const key of columns) head.append(make('th', { scope: 'col' }, nameOf(data.keys[key][0])));
  const body = make('tbody', {});
  for (const who of rows) {
    const [name, type] = data.principals[who];
    const title = make('th', { scope: 'row' }, nameOf(name), ' ', make('span', { className: 'muted' }, type));
    body.append(make('tr', {}, title, ...columns.map((key) => cell(who, key))));
  }
  const caption = make('caption', { className: 'unseen' }, 'Principals by keys: what each may do. Each cell opens its reasons.');
  find('cells').replaceChildren(make('table', {}, caption, make('thead', {}, head), body));
  find('cells').hidden = rows.length === 0;
  const range = (from, size, all, what) => all === 0 ? 'no ' + what : what + ' ' + (from + 1) + '–' + Math.min(all, from + size) + ' of ' + all.toLocaleString('en-US');
  find('count').textContent = rows.length === 0 ? 'Nothing fits the filter.'
    : 'Shown: ' + range(start.row, PAGE.rows, shown.rows.length, 'principals') + '; ' + range(start.column, PAGE.columns, shown.columns.length, 'keys') + '.';
  const turn = (id, off, hide) => { find(id).disabled = off; find(id).hidden = hide; };
  const fits = [shown.rows.length <= PAGE.rows, shown.columns.length <= PAGE.columns];
  turn('up', start.row === 0, fits[0]);
  turn('down', start.row + PAGE.rows >= shown.rows.length, fits[0]);
  turn('left', start.column === 0, fits[1]);
  turn('right', start.column + PAGE.columns >= shown.columns.length, fits[1]);
}

// Tables and picture follow the filter: what does not fit is put away, or faint.
function follow() {
  const whos = new Set(shown.rows.map((who) => data.principals[who][0]));
  const keys = new Set(shown.columns.map((key) => data.keys[key][0]));
  const away = ({ dataset: { principal, key } }) =>
    (principal !== undefined && !whos.has(principal)) || (key !== undefined && !keys.has(key));
  for (const one of document.querySelectorAll('.key, .by-key tr[data-principal]')) one.hidden = away(one);
  for (const one of document.querySelectorAll('svg [data-principal], svg [data-key]')) one.classList.toggle('faint', away(one));
}

// Reasons.
const panel = find('why');
const filled = (text, who, key) => text.replaceAll('\u0001', data.principals[who][0]).replaceAll('\u0002', data.keys[key][0]);
function reason(index, who, key) {
  const [sentence, ...more] = filled(data.texts[index], who, key).split('\n');
  const item = make('li', {}, make('bdi', {}, sentence));
  if (more.length > 1) item.append(make('pre', {}, more[more.length - 1]));
  if (more.length > 0) item.append(make('div', { className: 'muted' }, 'in ', make('bdi', {}, more[0])));
  return item;
}
function why(who, key) {
  const [name, type, functions, source] = data.principals[who];
  const [keyName, description, keySource] = data.keys[key];
  const profile = profiles[key].get(who);
  find('why-title').replaceChildren(nameOf(name), ' on ', nameOf(keyName));
  const facts = [type + (functions === '' ? '' : ' of ' + functions), source === '' ? '' : 'principal declared at ' + source, keySource === '' ? '' : 'key declared at ' + keySource, description];
  const body = [make('p', { className: 'muted' }, facts.filter((fact) => fact !== '').join('; '))];
  if (profile === undefined) body.push(make('p', {}, 'No policy and no grant allows this principal anything with the key.'));
  const verdicts = profile === undefined ? [] : data.profiles[profile][1].map((at) => data.verdicts[at]);
  for (const [operations, standing, ways, reasons] of verdicts.sort((a, b) => a[1] - b[1])) {
    const verdict = data.standings[standing];
    body.push(make('h3', {}, operations, ' ', make('span', { className: 'chip s-' + verdict }, WORDS[verdict])));
    if (ways.length > 0) body.push(make('p', {}, ways.map((way) => filled(data.texts[way], who, key)).join(', or ')));
    body.push(make('ol', {}, ...reasons.map((index) => reason(index, who, key))));
  }
  find('why-text').replaceChildren(...body);
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
}

// Every cell has an address.
const go = (who, key) => {
  const to = '#' + new URLSearchParams({ key: data.keys[key][0], principal: data.principals[who][0] });
  if (location.hash === to) read();
  else location.hash = to;
};
function read() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (!asked.has('key') || !asked.has('principal')) return void (panel.open && panel.close());
  const key = data.keys.findIndex(([name]) => name === asked.get('key'));
  const who = data.principals.findIndex(([name], at) => name === asked.get('principal') && (key < 0 || profiles[key].has(at)));
  if (key >= 0 && who >= 0) return why(who, key);
  find('count').textContent = 'The address names ' + (key < 0 ? 'a key' : 'a principal') + ' that is not in this map.';
}
panel.addEventListener('close', () => { if (location.hash.startsWith('#key=')) history.replaceState(null, '', '#matrix'); });
panel.querySelector('.close').addEventListener('click', () => panel.close());
panel.addEventListener('click', (event) => { if (event.target === panel) panel.close(); });

// Arrow keys go from cell to cell.
find('cells').addEventListener('keydown', (event) => {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  const from = event.target.closest('td');
  if (step === undefined || from === null) return;
  const row = from.parentElement.parentElement.rows[from.parentElement.rowIndex - 1 + step[0]];
  const next = row === undefined ? null : row.cells[from.cellIndex + step[1]];
  const button = next === undefined || next === null ? null : next.querySelector('button');
  if (button === null) return;
  event.preventDefault();
  button.focus();
});

const refresh = () => { select(); draw(); follow(); };
let waiting = 0;
for (const control of Object.values(controls)) {
  control.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(refresh, 120); });
}
find('filter').addEventListener('submit', (event) => event.preventDefault());
find('reset').addEventListener('click', () => { find('filter').reset(); refresh(); });
const page = (id, axis, by) => find(id).addEventListener('click', () => { start[axis] = Math.max(0, start[axis] + by); draw(); });
page('up', 'row', -PAGE.rows);
page('down', 'row', PAGE.rows);
page('left', 'column', -PAGE.columns);
page('right', 'column', PAGE.columns);
find('matrix').hidden = false;
refresh();
addEventListener('hashchange', read);
read();
})();
`;
