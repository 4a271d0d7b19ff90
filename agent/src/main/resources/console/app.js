// Puts the page together. Events are taken as they come and shown at most four times a second.

import { html, render } from './lib/lit-html/lit-html.js';
import { Api, Feed, setToken, token } from './api.js';
import * as cards from './cards.js';
import * as charts from './charts.js';
import { askToken, confirm, tell } from './control.js';
import { detail } from './detail.js';
import { feed } from './feed.js';
import { Store } from './store.js';
import { number, plain } from './words.js';

const EVERY = 250;
const POLL = 5_000;
const TEXTS = 2_000;
const SELDOM = 60_000;
const SAY = 10_000;

const store = new Store();
const api = new Api(askToken);
const at = (id) => document.getElementById(id);
const drawn = {};
const dirty = new Set();
let renders = 0;
let lost = false;
let told = { seen: 0, drifted: 0, at: 0 };

const regions = {
  status: () => cards.status(store, actions),
  switch: () => cards.killSwitch(store.facts, actions),
  counts: () => cards.counts(store.facts, scoreWords()),
  feed: () => feed(store, actions),
  detail: () => (store.shown ? detail(store.shown, actions) : html``),
  triggers: () => cards.triggers(store.facts, actions),
  origins: () => cards.origins(store.facts),
  adapters: () => cards.adapters(store.facts),
  fleet: () => cards.fleet(store.facts),
  artefacts: () => cards.artefacts(store.facts),
};

function show(...names) {
  names.forEach((name) => dirty.add(name));
}

function paint() {
  if (document.hidden) return;
  if (store.flush()) show('feed', 'counts');
  if (store.connection.name === 'waiting') show('status');
  for (const name of dirty) {
    render(regions[name](), at(name));
    if (name === 'counts') drawScores();
    if (name === 'feed') renders += 1;
  }
  dirty.clear();
  at('feed').dataset.renders = renders;
  say();
}

/** A screen reader is told of drifted exchanges, together and not more often than it can read. */
function say() {
  const now = Date.now();
  const drifted = store.drifted - told.drifted;
  if (drifted > 0 && now - told.at >= SAY) {
    at('said').textContent = `${drifted} drifted of ${store.seen - told.seen} new exchanges.`;
    told = { seen: store.seen, drifted: store.drifted, at: now };
  }
}

function scored() {
  return store.rows.filter((r) => typeof r.score === 'number').reverse();
}

function scoreWords() {
  const rows = scored();
  if (rows.length === 0) return 'No score yet.';
  const values = rows.map((r) => r.score);
  const drifted = rows.filter((r) => r.verdict === 'drifted').length;
  return `The last ${rows.length} scores: ${drifted} drifted, lowest ${number(Math.min(...values))}, highest ${number(Math.max(...values))}.`;
}

function chart(id, options) {
  const element = at(id);
  if (drawn[id]?.element !== element) {
    drawn[id]?.close();
    drawn[id] = element ? new charts.Chart(element, options) : undefined;
  }
  return drawn[id];
}

function drawScores() {
  const rows = scored().sort((a, b) => Date.parse(a.started) - Date.parse(b.started));
  if (rows.length === 0) return;
  const of = (verdict) => rows.map((r) => (r.verdict === verdict ? r.score : null));
  const times = rows.map((r) => Date.parse(r.started) / 1000);
  chart('scores-chart', charts.scores).set([times, of('aligned'), of('drifted')]);
}

function drawDetail() {
  const { scores, threshold } = store.shown;
  const read = scores.tokens.filter((t) => typeof t.score === 'number');
  const limit = typeof threshold === 'number' ? threshold : null;
  chart('path-chart', charts.path)?.set([
    read.map((t, i) => i + 1),
    read.map((t) => t.score),
    read.map(() => limit),
  ]);
  if (scores.layers.length > 0) {
    chart('layer-chart', charts.layers)?.set([scores.layers.map((l, i) => i), scores.layers.map((l) => l.z)]);
  }
}

/** The threshold that judged it: its own where it says so, else that of the direction in use. */
function threshold(row) {
  if (typeof row.threshold === 'number') return row.threshold;
  const judge = store.facts.artefacts?.artefacts.find((a) => a.role === 'judges');
  return judge && judge.artefact.name === row.direction ? judge.artefact.calibration.threshold_answer : null;
}

const actions = {
  hurry: () => stream.hurry(),
  hasToken: () => token() !== '',
  declined: () => api.declined,
  enter: async () => {
    if (await api.ask(false)) {
      stream.hurry();
      await poll();
    }
  },
  forget: () => {
    setToken('');
    location.reload();
  },
  pause: () => {
    store.paused = !store.paused;
    show('feed');
    paint();
  },
  only: (value) => {
    store.only = value;
    show('feed');
    paint();
  },
  open: async (row) => {
    const shown = { row, threshold: threshold(row), scores: null, why: null };
    store.shown = shown;
    at('detail').hidden = false;
    show('detail');
    paint();
    at('detail-title').focus();
    try {
      if (store.kept?.exchanges === 0) throw new Error('none are kept by this agent (tokens.kept is 0)');
      shown.scores = await api.get(`api/tokens/${encodeURIComponent(row.id)}`);
    } catch (e) {
      shown.why = `No tokens: ${plain(e.message, 200)}.`;
    }
    if (store.shown !== shown) return;
    show('detail');
    paint();
    if (shown.scores) drawDetail();
  },
  close: () => {
    const id = store.shown.row.id;
    store.shown = null;
    show('detail');
    paint();
    at('detail').hidden = true;
    const row = [...at('feed').querySelectorAll('tr[data-id]')].find((tr) => tr.dataset.id === id);
    (row?.querySelector('button') ?? at('feed')).focus();
  },
  turn: (off) =>
    act({
      title: off ? 'Turn Plumbline on?' : 'Turn Plumbline off?',
      text: off
        ? 'Exchanges are scored again, and the configured modes hold.'
        : 'This agent becomes a plain proxy at once: nothing is scored, withheld or ablated until it is turned on again.',
      yes: off ? 'Turn on' : 'Turn off',
      path: off ? 'api/on' : 'api/off',
    }),
  command: (command, model) =>
    act({
      title: `${cards.COMMANDS[command].word} the trigger of ${plain(model, 80)}?`,
      text: cards.COMMANDS[command].says(plain(model, 80)),
      yes: cards.COMMANDS[command].word,
      path: `api/triggers/${command}?model=${encodeURIComponent(model)}`,
    }),
};

async function act({ title, text, yes, path }) {
  if (!(await confirm({ title, text, yes }))) return;
  try {
    await api.post(path);
    at('said').textContent = `Done: ${title.replace(/\?$/, '')}.`;
  } catch (e) {
    await tell('It was not done', `${plain(e.message, 300)}${e.status === 403 ? ' This token may read, not operate.' : ''}`);
  }
  await poll();
}

/** Verdicts since the agent began, out of its metrics: exact, whatever the feed dropped. */
function verdicts(page) {
  const found = { aligned: 0, drifted: 0, unscored: 0 };
  for (const line of page.split('\n')) {
    if (line.startsWith('plumbline_exchanges_total{')) {
      const verdict = /[{,]verdict="([^"]*)"/.exec(line)?.[1];
      const value = Number(/\} ([0-9.eE+]+)/.exec(line)?.[1] ?? 0);
      if (verdict in found) found[verdict] += value;
    }
  }
  return found;
}

const errors = {};

async function learn(name, ask, ...shown) {
  try {
    store.facts[name] = await ask();
    delete errors[name];
  } catch (e) {
    errors[name] = e.message;
    if (e.status === 404) store.facts[name] = null;
  }
  store.facts.errors = errors;
  show(...shown);
}

async function ready() {
  const response = await api.fetch('health/ready', { signal: AbortSignal.timeout(POLL) });
  return response.json();
}

async function poll() {
  await learn('state', () => api.get('api/state'), 'switch');
  await learn('triggers', () => api.get('api/triggers'), 'triggers');
  await learn('origins', () => api.get('api/origins'), 'origins');
  await learn('adapters', () => api.get('api/adapters'), 'adapters');
  await learn('verdicts', async () => verdicts(await api.text('metrics')), 'counts');
  await learn('ready', ready, 'status');
  await learn('fleet', fleet, 'fleet');
  at('fleet').hidden = !store.facts.fleet;
}

/** Not asked again where there is none: a page that is open all day should not fill a log. */
async function fleet() {
  if (store.facts.fleet === null) return null;
  const found = await api.get('api/fleet');
  return found.enabled === false ? null : found;
}

async function texts() {
  if (store.kept === null) store.kept = await api.get('api/tokens');
  if (store.kept.text) store.setTexts((await api.get('api/tokens')).latest);
  show('feed');
}

/** Again and again, while somebody looks. */
async function repeatedly(work, wait) {
  for (;;) {
    if (!document.hidden) {
      try {
        await work();
      } catch {
        // Said where it is shown; tried again.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

function event({ event: name, data }) {
  try {
    if (name === 'verdict') store.add(JSON.parse(data));
    if (name === 'adapter') learn('adapters', () => api.get('api/adapters'), 'adapters');
    if (name === 'trigger') learn('triggers', () => api.get('api/triggers'), 'triggers');
  } catch {
    // Not JSON: an event of a later build.
  }
}

const stream = new Feed(api, event, (state) => {
  if (state.name === 'live' && lost) at('said').textContent = 'Connected again.';
  if (state.name === 'waiting' && !lost) at('said').textContent = 'Not connected.';
  if (state.name !== 'connecting') lost = state.name === 'waiting';
  store.connection = state;
  show('status');
  if (state.name === 'live') {
    api
      .get('api/exchanges')
      .then((before) => {
        store.fill(before.exchanges);
        show('feed', 'counts');
      })
      .catch(() => {});
  }
});

show(...Object.keys(regions));
setInterval(paint, EVERY);
stream.run();
repeatedly(poll, POLL);
repeatedly(texts, TEXTS);
repeatedly(() => learn('artefacts', () => api.get('api/artefacts'), 'artefacts'), SELDOM);
