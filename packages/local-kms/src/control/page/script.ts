/**
 * The one script of the page. It makes elements and texts, never markup. A part of the page is made anew when what it shows
 * has changed and only then, and what was open stays open, so that nobody loses the place.
 */
export const SCRIPT = String.raw`
'use strict';
(() => {
const EVERY_MS = 2000;
const MAX_SHOWN = 100;
const find = (id) => document.getElementById(id);
const make = (tag, properties, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) element[name] = value;
  element.append(...children.filter((child) => child !== undefined));
  return element;
};
// Marks that turn the direction of a text, and others that cannot be seen, are written out.
const visible = (text) => String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, (one) => '\\u' + one.charCodeAt(0).toString(16).padStart(4, '0'));
const name = (text) => make('bdi', {}, visible(text));
const code = (text) => make('code', {}, visible(text));
const chip = (text, kind) => make('span', { className: 'chip ' + kind }, visible(text));
const list = (items) => make('ul', { className: 'plain' }, ...items.map((item) => make('li', {}, visible(item))));
const facts = (pairs) => make('dl', {}, ...pairs.filter(([, value]) => value !== undefined && value !== '').flatMap(([term, value]) => [make('dt', { className: 'muted' }, term), make('dd', {}, value instanceof Node ? value : visible(value))]));
const time = (iso) => make('time', { dateTime: iso }, iso.replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC'));
const pretty = (text) => { try { return JSON.stringify(JSON.parse(text), undefined, 2); } catch { return text; } };

const open = new Set();
const item = (id, summary, body) => {
  const details = make('details', { open: open.has(id) }, make('summary', {}, ...summary));
  // Made when it is looked at: two hundred key policies are not.
  let made = false;
  const fill = () => { if (!made) { made = true; details.append(...body()); } };
  if (details.open) fill();
  details.addEventListener('toggle', () => { if (details.open) { open.add(id); fill(); } else open.delete(id); });
  return details;
};

const OUTCOMES = { allowed: ['allowed', 'good'], denied: ['denied', 'bad'], undecided: ['undecided', 'warn'], failed: ['failed', 'warn'] };
const STATES = { Enabled: 'good', Disabled: 'warn' };
let names = new Map();
const called = (arn) => names.get(arn) ?? arn;

const parts = {
  calls: (call) => {
    const [word, kind] = OUTCOMES[call.outcome];
    return item('call ' + call.requestId, [
      chip(call.passed ? 'would be denied' : word, kind), make('b', {}, visible(call.operation)),
      name(call.caller === undefined ? 'nobody who is known' : called(call.caller)), ...call.resources.map((arn) => name(called(arn))),
      call.faults && chip('fault injected', 'warn'), make('span', { className: 'muted' }, call.at.slice(11, 19)),
      call.outcome !== 'allowed' && make('span', { className: 'why' }, visible(call.reasons[0] ?? call.error)),
    ].filter(Boolean), () => [facts([
      ['time', time(call.at)], ['caller', call.caller], ['keys', call.resources.join(', ')], ['error', call.error],
      ['context', call.encryptionContext && JSON.stringify(call.encryptionContext)], ['injected', call.faults && call.faults.join(', ')], ['request id', call.requestId],
    ]), call.reasons.length > 0 ? list(call.reasons) : make('p', { className: 'muted' }, 'no policy was asked')]);
  },
  keys: (key) => item('key ' + key.arn, [
    chip(key.state, STATES[key.state] ?? 'bad'), make('b', {}, name(key.constructPath ?? key.aliases[0] ?? key.arn)),
    ...key.aliases.map((alias) => code(alias)), make('span', { className: 'muted' }, visible(key.spec)),
  ], () => [facts([
    ['ARN', code(key.arn)], ['description', key.description], ['usage', key.usage], ['origin', key.origin], ['multi-Region', key.multiRegion],
    ['created', time(key.createdAt)], ['deleted on', key.deletionAt && time(key.deletionAt)],
    ['rotation', key.rotation && 'every ' + key.rotation.periodInDays + ' days, next ' + key.rotation.nextAt.slice(0, 10)], ['rotated', key.rotations > 0 ? key.rotations + ' times' : undefined],
    ['last use', key.lastUse && key.lastUse.operation + ' at ' + key.lastUse.at], ['tags', Object.entries(key.tags).map(([tag, value]) => tag + ' = ' + value).join(', ')],
    ['grants', key.grantCount > 0 ? list([...key.grants.map((grant) => (grant.name ? grant.name + ': ' : '') + grant.grantee + ' may ' + grant.operations.join(', ')), ...(key.grantCount > key.grants.length ? ['and ' + (key.grantCount - key.grants.length) + ' more'] : [])]) : undefined],
  ]), make('p', { className: 'muted' }, 'key policy'), make('pre', { tabIndex: 0 }, visible(pretty(key.policy)))]),
  principals: (one) => item('principal ' + one.name, [chip(one.type, 'muted'), make('b', {}, name(one.name))], () => [facts([['ARN', one.arn === undefined ? 'a role of outside the app' : code(one.arn)], ['names', one.names.join(', ')]])]),
  faults: (fault) => item('fault ' + fault.id, [chip(fault.fault.kind, 'warn'), make('b', {}, visible(fault.id)), make('span', { className: 'muted' }, 'fired ' + fault.fired + (fault.times ? ' of ' + fault.times : '') + ' times')], () => [make('pre', { tabIndex: 0 }, visible(JSON.stringify(fault, undefined, 2)))]),
  problems: (problem) => make('p', {}, visible(problem)),
};
const EMPTY = { calls: 'Nobody has called yet.', keys: 'There is no key.', principals: 'The app has none, or there is no app.', faults: 'None.', problems: 'Everything of the app is here.' };

const filter = find('filter');
const shown = {};
const show = (data) => {
  // A role that a function runs as is known by the function, which comes first.
  names = new Map([...data.principals.filter((one) => one.arn).map((one) => [one.arn, one.name]).reverse(), ...data.keys.map((key) => [key.arn, key.aliases[0] ?? key.constructPath ?? key.arn])]);
  const moved = data.clockMovedByMillis === 0 ? '' : ', moved by ' + Math.round(data.clockMovedByMillis / 1000) + ' s';
  find('facts').textContent = (data.deterministic ? 'DETERMINISTIC, for tests only; ' : '') + 'mode ' + data.mode + ', account ' + data.account + ', ' + data.region + '; clock ' + data.now.slice(0, 19).replace('T', ' ') + ' UTC' + moved;
  const wanted = filter.value.trim().toLowerCase();
  const totals = { keys: data.keyCount, principals: data.principalCount };
  for (const [part, render] of Object.entries(parts)) {
    const all = data[part];
    const found = wanted === '' ? all : all.filter((one) => JSON.stringify(one).toLowerCase().includes(wanted) || (one.caller && called(one.caller).toLowerCase().includes(wanted)));
    const text = JSON.stringify([found, wanted, part === 'calls' ? [...names] : 0]);
    if (shown[part] === text) continue;
    shown[part] = text;
    const total = totals[part] ?? all.length;
    find(part + '-count').textContent = found.length === total ? String(total) : found.length + ' of ' + total;
    const focused = document.activeElement;
    const place = find(part + '-list');
    const at = place.contains(focused) ? [...place.querySelectorAll('summary')].indexOf(focused) : -1;
    const id = at < 0 ? undefined : focused.parentElement.dataset.id;
    place.replaceChildren(...(found.length === 0 ? [make('p', { className: 'muted' }, wanted === '' ? EMPTY[part] : 'None of them is meant.')] : found.slice(0, MAX_SHOWN).map((one) => { const made = render(one); if (made.tagName === 'DETAILS') made.dataset.id = one.requestId ?? one.arn ?? one.name ?? one.id; return made; })), ...(found.length > MAX_SHOWN ? [make('p', { className: 'muted' }, 'and ' + (found.length - MAX_SHOWN) + ' more: say what you look for')] : []));
    if (id !== undefined) [...place.children].find((one) => one.dataset && one.dataset.id === id)?.firstElementChild?.focus();
  }
};

let latest;
let paused = false;
const state = (text) => { const place = find('state'); if (place.textContent !== text) place.textContent = text; };
const read = async () => {
  if (paused || document.hidden) return;
  try {
    const answer = await fetch('status', { cache: 'no-store' });
    if (!answer.ok) throw new Error(String(answer.status));
    latest = await answer.json();
    show(latest);
    state('up to date, read every 2 seconds');
  } catch {
    state('the local KMS does not answer; trying again');
  }
};
const loop = async () => { await read(); setTimeout(loop, EVERY_MS); };
find('pause').addEventListener('click', (event) => {
  paused = !paused;
  event.target.setAttribute('aria-pressed', String(paused));
  event.target.textContent = paused ? 'Go on' : 'Pause';
  state(paused ? 'paused' : 'reading …');
  read();
});
filter.addEventListener('input', () => { if (latest) show(latest); });
document.addEventListener('visibilitychange', read);
loop();
})();
`;
