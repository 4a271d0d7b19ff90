// What the agent is, and how what belongs to it fares.

import { html, nothing } from './lib/lit-html/lit-html.js';
import { moment, number, plain } from './words.js';

const failed = (error) => html`<p class="faint">Not known: ${plain(error, 200)}</p>`;

const COMMANDS = {
  arm: {
    word: 'Arm',
    says: (m) => `The trigger of ${m} is armed at once and stays at least armed until another command.`,
  },
  disarm: {
    word: 'Disarm',
    says: (m) => `The trigger of ${m} is off now and left to its levels again, after its cooldown.`,
  },
  off: {
    word: 'Off',
    says: (m) => `The trigger of ${m} is off, whatever is seen, until another command. Nothing raises its mode.`,
  },
};

export { COMMANDS };

const LEVELS = { active: '▲', armed: '◆', off: '○' };

function triggerRow(name, view, on) {
  return html`<tr>
    <th scope="row"><bdi>${plain(name, 80)}</bdi></th>
    <td><span class="level ${view.state}"><span aria-hidden="true">${LEVELS[view.state] ?? '·'}</span> ${view.state}</span></td>
    <td>${plain(view.hold, 20)}</td>
    <td class="number">${number(view.rate)}</td>
    <td class="number">${view.scored}</td>
    <td class="buttons">
      ${Object.entries(COMMANDS).map(
        ([command, { word }]) =>
          html`<button
            type="button"
            data-command=${command}
            aria-label="${word} the trigger of ${name}"
            @click=${() => on.command(command, name)}
          >
            ${word}
          </button>`,
      )}
    </td>
  </tr>`;
}

export function triggers({ triggers: all, errors }, on) {
  const title = html`<h2 id="triggers-title">Triggers</h2>`;
  if (!all) return html`${title}${errors?.triggers ? failed(errors.triggers) : nothing}`;
  if (!all.configured) return html`${title}<p class="faint">None configured (trigger.mode).</p>`;
  const routes = Object.entries(all.routes);
  return html`${title}
    <p>
      An active trigger raises the mode to <b>${plain(all.mode, 20)}</b>. Conversations held
      ${all.conversations.held}, active ${all.conversations.active}.
    </p>
    ${
      routes.length === 0
        ? html`<p class="faint">No model was asked yet.</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="Triggers by model">
            <table>
              <thead>
                <tr>
                  <th scope="col">Model</th>
                  <th scope="col">State</th>
                  <th scope="col">Hold</th>
                  <th scope="col">Rate</th>
                  <th scope="col">Scored</th>
                  <th scope="col">Say</th>
                </tr>
              </thead>
              <tbody>
                ${routes.map(([name, view]) => triggerRow(name, view, on))}
              </tbody>
            </table>
          </div>`
    }`;
}

export function origins({ origins: all, errors }) {
  const title = html`<h2 id="origins-title">Origins</h2>`;
  if (!all) return html`${title}${errors?.origins ? failed(errors.origins) : nothing}`;
  if (all.origins.length === 0) {
    return html`${title}<p class="faint">None: this agent serves its model itself.</p>`;
  }
  return html`${title}
    <ul class="plain">
      ${all.origins.map(
        (o) =>
          html`<li>
            <b><bdi>${plain(o.name, 80)}</bdi></b>
            <span class="health ${o.health}"
              ><span aria-hidden="true">${o.health === 'healthy' ? '●' : '✕'}</span> ${plain(o.health, 20)}</span
            >
            since ${moment(o.since)}, ${o.in_flight} in flight, tap ${plain(o.tap?.taken, 40)}<br />
            <bdi class="faint">${plain(o.url, 200)}</bdi>
            ${o.last_error ? html`<br /><span class="faint">Last error: ${plain(o.last_error, 200)}</span>` : nothing}
          </li>`,
      )}
    </ul>`;
}

export function adapters({ adapters: all, errors }) {
  const title = html`<h2 id="adapters-title">Adapters</h2>`;
  if (!all) return html`${title}${errors?.adapters ? failed(errors.adapters) : nothing}`;
  if (all.via === 'off') {
    return html`${title}<p class="faint">None asked for (ablated.via is off).</p>`;
  }
  return html`${title}
    <p>By ${plain(all.via, 20)}.</p>
    <ul class="plain">
      ${Object.entries(all.origins ?? {}).map(
        ([name, life]) =>
          html`<li>
            <b><bdi>${plain(name, 80)}</bdi></b> ${plain(life.state, 40)}: ${plain(life.why, 300)}
            ${
              life.measured
                ? html`<br /><span class="faint"
                      >measured ${plain(life.measured.outcome, 40)}: ${number(life.measured.plain, 2)} →
                      ${number(life.measured.ablated, 2)}</span
                    >`
                : nothing
            }
          </li>`,
      )}
    </ul>`;
}

/** Facts of any shape, as deep as a person reads. */
function tree(value, depth = 0) {
  if (value === null || typeof value !== 'object') return html`<bdi>${plain(value ?? '–', 300)}</bdi>`;
  if (depth > 3) return html`…`;
  const entries = Object.entries(value).slice(0, 64);
  return Array.isArray(value)
    ? html`<ul class="plain">
        ${entries.map(([, each]) => html`<li>${tree(each, depth + 1)}</li>`)}
      </ul>`
    : html`<dl class="facts">
        ${entries.map(([name, each]) => html`<div><dt>${plain(name.replaceAll('_', ' '), 64)}</dt><dd>${tree(each, depth + 1)}</dd></div>`)}
      </dl>`;
}

export function fleet({ fleet: all }) {
  return all ? html`<h2 id="fleet-title">Fleet</h2>${tree(all)}` : nothing;
}

const CONTROLS = new Set(['prompt_identity_ceiling', 'text_baseline', 'shuffled_labels', 'random_direction']);

function figure(name, each) {
  const what = CONTROLS.has(name) ? ' (control)' : '';
  const range = each.interval ? `${number(each.interval.low)} – ${number(each.interval.high)}` : '–';
  return html`<tr>
    <th scope="row">${plain(name.replaceAll('_', ' '), 64)}${what}</th>
    <td class="number">${number(each.value)}</td>
    <td class="number">${range}</td>
    <td class="number">${each.count}</td>
  </tr>`;
}

function artefact(card) {
  const a = card.artefact;
  return html`<article>
    <h3><bdi>${plain(a.name, 80)}</bdi> <span class="faint">${plain(card.role, 20)}</span></h3>
    ${
      card.role === 'control'
        ? html`<p>A control, to hold the direction that judges against; its figures are no claim.</p>`
        : a.warnings.length > 0
        ? html`<ul class="warn">
            ${a.warnings.map((w) => html`<li>${plain(w, 200)}</li>`)}
          </ul>`
        : html`<p>Every control was measured and beaten.</p>`
    }
    <dl class="facts">
      <div><dt>Model</dt><dd><bdi>${plain(a.model.id, 100)}</bdi> (${plain(a.model.architecture, 40)}, ${a.model.layers} layers)</dd></div>
      <div><dt>Read at</dt><dd>${plain(a.probe.tap_points.join(', '), 200)}</dd></div>
      <div><dt>Threshold, whole answers</dt><dd>${number(a.calibration.threshold_answer)}</dd></div>
      <div><dt>Threshold, streams</dt><dd>${number(a.calibration.threshold_stream)}</dd></div>
      <div><dt>Created</dt><dd>${moment(a.created)}</dd></div>
      <div><dt>Digest</dt><dd class="digest">${plain(card.digest, 80)}</dd></div>
    </dl>
    <details>
      <summary>Quality of ${plain(a.name, 80)}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">Value</th>
            <th scope="col">Interval</th>
            <th scope="col">Count</th>
          </tr>
        </thead>
        <tbody>
          ${Object.entries(a.quality.figures).map(([name, each]) => figure(name, each))}
        </tbody>
      </table>
    </details>
  </article>`;
}

export function artefacts({ artefacts: all, errors }) {
  const title = html`<h2 id="artefacts-title">Directions</h2>`;
  if (!all) return html`${title}${errors?.artefacts ? failed(errors.artefacts) : nothing}`;
  return html`${title}${
    all.artefacts.length === 0
      ? html`<p class="faint">None is loaded: nothing is scored here.</p>`
      : all.artefacts.map(artefact)
  }`;
}

export function counts({ verdicts, errors }, chartWords) {
  return html`<h2 id="counts-title">Verdicts</h2>
    ${
      verdicts
        ? html`<dl class="counts">
            ${['aligned', 'drifted', 'unscored'].map(
              (v) => html`<div class=${v}><dt>${v}</dt><dd id="count-${v}">${verdicts[v] ?? 0}</dd></div>`,
            )}
          </dl>`
        : errors?.verdicts
          ? failed(errors.verdicts)
          : nothing
    }
    <p class="faint" id="scores-words">${chartWords}</p>
    <div id="scores-chart" class="chart" aria-hidden="true"></div>`;
}

export function status(store, on) {
  const { connection, facts } = store;
  const seconds = Math.max(0, Math.ceil((connection.until - Date.now()) / 1000));
  const words = {
    live: 'live',
    connecting: 'connecting …',
    waiting: `not connected: ${plain(connection.why, 120)}; again in ${seconds} s`,
  };
  return html`<span id="connection" class="connection ${connection.name}"
      ><span aria-hidden="true">${connection.name === 'live' ? '●' : '✕'}</span> ${words[connection.name]}</span
    >
    ${connection.name === 'waiting' ? html`<button type="button" @click=${on.hurry}>Now</button>` : nothing}
    ${facts.ready ? html`<span class="faint">${plain(facts.ready.status, 20)}: ${plain(facts.ready.why, 120)}</span>` : nothing}
    ${on.declined() ? html`<button type="button" @click=${on.enter}>Enter a token</button>` : nothing}
    ${on.hasToken() ? html`<button type="button" @click=${on.forget}>Forget token</button>` : nothing}`;
}

export function killSwitch({ state }, on) {
  if (!state) return nothing;
  if (state.switch === 'absent') {
    return html`<span class="faint">No switch: this agent serves its model itself.</span>`;
  }
  const off = state.switch === 'off';
  return html`<span id="switch-state" class="level ${off ? 'off' : 'on'}">Plumbline is <b>${off ? 'OFF' : 'on'}</b></span>
    <button type="button" id="turn" class="act" @click=${() => on.turn(off)}>
      ${off ? 'Turn on' : 'Turn off'}
    </button>`;
}
