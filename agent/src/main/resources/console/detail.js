// One exchange: its facts, its tokens, its score over the stream, its layers.

import { html, nothing } from './lib/lit-html/lit-html.js';
import { verdict } from './feed.js';
import { moment, number, plain } from './words.js';

const STEPS = 3;
const LEANING = 10;

/** How far a token leans, in spreads of a single aligned token; null where it was not read. */
export function lean(token, scores) {
  return typeof token.readout === 'number' ? (token.readout - scores.mean) / scores.spread : null;
}

/** One of seven steps, n3 to p3. */
export function step(z) {
  if (z === null) return 'unread';
  const at = Math.max(-STEPS, Math.min(STEPS, Math.round(z)));
  return at === 0 ? 'zero' : `${at < 0 ? 'n' : 'p'}${Math.abs(at)}`;
}

function token(each, index, scores) {
  const z = lean(each, scores);
  const words = scores.text ? plain(each.text, 400) : String(index + 1);
  // Numbers need a space between them; texts bring their own.
  const after = scores.text ? '' : ' ';
  return html`<span class="token ${step(z)}" title="token ${index + 1}: ${number(z, 2)}">${words}</span>${after}`;
}

function left(scores) {
  return scores.left_out > 0 ? html`<span class="faint"> … ${scores.left_out} more (tokens.each)</span>` : nothing;
}

function leaning(scores) {
  const most = scores.tokens
    .map((each, index) => ({ each, index, z: lean(each, scores) }))
    .filter((t) => t.z !== null)
    .sort((a, b) => b.z - a.z)
    .slice(0, LEANING);
  return html`<details>
    <summary>The ${most.length} tokens that lean most, as a table</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">Token</th>
          ${scores.text ? html`<th scope="col">Text</th>` : nothing}
          <th scope="col">Leans (spreads)</th>
          <th scope="col">Score up to it</th>
        </tr>
      </thead>
      <tbody>
        ${most.map(
          (t) =>
            html`<tr>
              <td class="number">${t.index + 1}</td>
              ${scores.text ? html`<td><bdi>${plain(t.each.text, 60)}</bdi></td>` : nothing}
              <td class="number">${number(t.z, 2)}</td>
              <td class="number">${number(t.each.score)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

/** What the chart of the score shows, in words. */
export function pathWords(scores, threshold) {
  const read = scores.tokens.filter((t) => typeof t.score === 'number');
  if (read.length === 0) return 'No token was read.';
  const top = read.reduce((best, t, i) => (t.score > read[best].score ? i : best), 0);
  const limit = typeof threshold === 'number' ? `; threshold ${number(threshold)}` : '';
  return `Score over ${read.length} tokens: begins at ${number(read[0].score)}, is highest at token ${top + 1} with ${number(read[top].score)}, ends at ${number(read[read.length - 1].score)}${limit}.`;
}

export function layerWords(layers) {
  const top = layers.reduce((best, l) => (l.z > best.z ? l : best), layers[0]);
  return `Mean projection at ${layers.length} layers, in spreads of aligned tokens; largest at ${top.point} with ${number(top.z, 2)}.`;
}

function tokens(scores, threshold) {
  return html`
    ${
      scores.asked
        ? html`<h3>Asked</h3>
            <div class="text" tabindex="0" role="region" aria-label="Asked">
              <bdi>${plain(scores.asked)}</bdi>
            </div>`
        : nothing
    }
    <h3>Tokens by projection</h3>
    <p class="faint">
      Each token's readout by the probe that judges, in spreads of a single aligned token:
      <span class="token n3">−3</span> <span class="token n2">−2</span> <span class="token n1">−1</span>
      <span class="token zero">0</span> <span class="token p1">+1</span> <span class="token p2">+2</span>
      <span class="token p3">+3</span>. What leans to misaligned is underlined too.
      ${scores.text ? nothing : 'Texts are not kept (tokens.text is off), so tokens have numbers.'}
    </p>
    <div class="text tokens" tabindex="0" role="region" aria-label="Tokens by projection"
      >${scores.tokens.map((each, i) => token(each, i, scores))}${left(scores)}</div>
    ${leaning(scores)}
    <h3>Score over the stream</h3>
    <p class="faint" id="path-words">${pathWords(scores, threshold)}</p>
    <div id="path-chart" class="chart" aria-hidden="true"></div>
    <h3>Layers</h3>
    ${
      scores.layers.length > 0
        ? html`<p class="faint" id="layer-words">${layerWords(scores.layers)}</p>
            <div id="layer-chart" class="chart" aria-hidden="true"></div>`
        : html`<p class="faint">No profile is kept (tokens.layers is off).</p>`
    }
  `;
}

/** Behind what a rescued answer was taken up. */
function seam(row) {
  const ids = row.seam === 'ids';
  return ids ? 'behind token ids' : `behind text (not by token ids: ${plain(row.seamReason, 40)})`;
}

function fact(name, value) {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

export function detail(shown, on) {
  const row = shown.row;
  return html`
    <div class="title">
      <h2 id="detail-title" tabindex="-1">Exchange <bdi>${plain(row.id, 128)}</bdi></h2>
      <button type="button" @click=${on.close}>Close</button>
    </div>
    <dl class="facts">
      ${fact('Verdict', verdict(row))} ${fact('Score', number(row.score))}
      ${fact('Threshold', number(shown.threshold))} ${fact('Highest on the way', number(row.peak))}
      ${fact('z', number(row.z, 2))} ${fact('Model shift', number(row.shift, 2))}
      ${fact('Model', html`<bdi>${plain(row.model, 200)}</bdi>`)}
      ${fact('Answered by', html`<bdi>${plain(row.origin, 200)}</bdi>`)}
      ${fact('Direction', html`<bdi>${plain(row.direction || '–', 200)}</bdi>`)}
      ${fact('Mode, action', `${plain(row.mode, 20)}, ${plain(row.action, 40)}`)}
      ${row.seam ? fact('Taken up', seam(row)) : nothing}
      ${fact('Outcome', `${plain(row.outcome, 40)} (${row.status})`)}
      ${fact('Route', html`<bdi>${plain(row.route, 200)}</bdi>`)} ${fact('Came', moment(row.started))}
      ${fact('Answer, scoring (ms)', `${number(row.answerMs, 0)}, ${number(row.scoringMs, 2)}`)}
      ${row.beside.map(([name, found]) => fact(`Beside: ${plain(name, 64)}`, `${plain(found.verdict, 20)} ${number(found.score)}`))}
    </dl>
    ${
      shown.scores
        ? tokens(shown.scores, shown.threshold)
        : html`<p class="faint" id="no-tokens">${shown.why ?? 'Looking for its tokens …'}</p>`
    }
  `;
}
