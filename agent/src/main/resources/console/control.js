// Dialogs. The browser's own <dialog> keeps the focus inside and gives it back; Escape is a no.

import { html, render } from './lib/lit-html/lit-html.js';
import { setToken } from './api.js';

const place = () => document.getElementById('dialogs');

/** Shows a dialog; resolves to what `close` was given, false for Escape. */
function ask(content) {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-labelledby', 'dialog-title');
    dialog.setAttribute('aria-describedby', 'dialog-text');
    let answer = false;
    const before = document.activeElement;
    const close = (value) => {
      answer = value;
      dialog.close();
    };
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(answer);
    });
    render(content(close, dialog), dialog);
    place().append(dialog);
    dialog.showModal();
  });
}

/** Nothing is done before somebody has read what it is and said yes. */
export function confirm({ title, text, yes }) {
  return ask(
    (close) => html`
      <h2 id="dialog-title">${title}</h2>
      <p id="dialog-text">${text}</p>
      <div class="buttons">
        <button type="button" autofocus @click=${() => close(false)}>Cancel</button>
        <button type="button" class="act" @click=${() => close(true)}>${yes}</button>
      </div>
    `,
  );
}

/** A token for this tab; resolves to whether there is one. */
export function askToken(refused) {
  return ask((close, dialog) => {
    const take = () => {
      const value = dialog.querySelector('input').value.trim();
      if (value) {
        setToken(value);
        close(true);
      }
    };
    return html`
      <h2 id="dialog-title">This port wants a token</h2>
      <p id="dialog-text">
        ${refused ? 'The token was refused. ' : ''}It is sent to this port only and kept in this tab
        until it is closed.
      </p>
      <label>
        Token
        <input
          type="password"
          autocomplete="off"
          spellcheck="false"
          autofocus
          @keydown=${(e) => e.key === 'Enter' && take()}
        />
      </label>
      <div class="buttons">
        <button type="button" @click=${() => close(false)}>Cancel</button>
        <button type="button" class="act" @click=${take}>Use it</button>
      </div>
    `;
  });
}

/** Says that something was not done, and why. */
export function tell(title, text) {
  return ask(
    (close) => html`
      <h2 id="dialog-title">${title}</h2>
      <p id="dialog-text">${text}</p>
      <div class="buttons"><button type="button" autofocus @click=${() => close(true)}>Close</button></div>
    `,
  );
}
