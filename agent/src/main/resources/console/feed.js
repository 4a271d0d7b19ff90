// The exchanges as they come.

import { html, nothing } from './lib/lit-html/lit-html.js';
import { repeat } from './lib/lit-html/directives/repeat.js';
import { ROWS } from './store.js';
import { MARKS, number, plain, time, verdictWord } from './words.js';

const FILTERS = ['all', 'drifted', 'aligned', 'unscored'];

export function verdict(row) {
  return html`<span class="verdict ${row.verdict}"
    ><span aria-hidden="true">${MARKS[row.verdict] ?? '?'}</span> ${plain(verdictWord(row), 80)}</span
  >`;
}

function bar(score) {
  return typeof score === 'number'
    ? html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width=${Math.max(0, Math.min(100, score * 100))} height="10"></rect>
      </svg>`
    : nothing;
}

function said(store, row) {
  const text = store.texts.get(row.id);
  return text
    ? html`<bdi class="said">${plain(text.answer, 160)}</bdi>`
    : html`<span class="faint">–</span>`;
}

function line(store, row, open) {
  return html`<tr class=${row.verdict} data-id=${row.id}>
    <td>${time(row.started)}</td>
    <td>${verdict(row)}</td>
    <td class="number">${number(row.score)} ${bar(row.score)}</td>
    <td><bdi>${plain(row.model, 80)}</bdi></td>
    <td>${plain(row.mode, 20)}</td>
    <td>${plain(row.action, 40)}</td>
    <td class="number">${row.tokens}</td>
    ${store.kept?.text ? html`<td>${said(store, row)}</td>` : nothing}
    <td>
      <button type="button" class="link" @click=${() => open(row)}>Show ${row.id.slice(0, 12)}</button>
    </td>
  </tr>`;
}

export function feed(store, on) {
  const rows = store.visible();
  return html`
    <h2 id="feed-title">Exchanges</h2>
    <div class="tools">
      <button type="button" id="pause" aria-pressed=${store.paused} @click=${on.pause}>
        ${store.paused ? 'Go on' : 'Pause'}
      </button>
      <label>
        Show
        <select id="only" @change=${(e) => on.only(e.target.value)}>
          ${FILTERS.map((f) => html`<option value=${f} ?selected=${store.only === f}>${f}</option>`)}
        </select>
      </label>
      <span id="seen" class="faint"
        >${store.seen} came since this page was opened; the last ${ROWS} are kept here.</span
      >
    </div>
    ${
      store.kept && !store.kept.text
        ? html`<p class="faint" id="no-text">
            Texts are not kept by this agent (tokens.text is off), so none is shown.
          </p>`
        : nothing
    }
    <div class="scroll" tabindex="0" role="region" aria-label="Exchanges, newest first">
      <table>
        <caption class="hidden">
          Exchanges, newest first
        </caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Verdict</th>
            <th scope="col">Score</th>
            <th scope="col">Model</th>
            <th scope="col">Mode</th>
            <th scope="col">Action</th>
            <th scope="col">Tokens</th>
            ${store.kept?.text ? html`<th scope="col">Answer</th>` : nothing}
            <th scope="col">Exchange</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            rows,
            (row) => row.key,
            (row) => line(store, row, on.open),
          )}
        </tbody>
      </table>
      ${rows.length === 0 ? html`<p class="faint">None yet.</p>` : nothing}
    </div>
  `;
}
