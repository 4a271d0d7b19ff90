// The admin port's routes, with the reader's token where one is wanted. The token stays in this tab.

import { EventParser } from './sse.js';

const KEY = 'plumbline.token';
const PATIENCE = 10_000;
const SILENCE = 40_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const url = (path) => new URL(`../${path}`, document.baseURI);

export function token() {
  return sessionStorage.getItem(KEY) ?? '';
}

export function setToken(value) {
  if (value) sessionStorage.setItem(KEY, value);
  else sessionStorage.removeItem(KEY);
}

function headers() {
  return token() ? { authorization: `Bearer ${token()}` } : {};
}

async function failure(response) {
  let said = '';
  try {
    said = (await response.json()).error ?? '';
  } catch {
    // Not JSON: the status says enough.
  }
  return new ApiError(response.status, said || `${response.status} ${response.statusText}`);
}

export class Api {
  /** @param wanted asks for a token; resolves to whether there is a new one */
  constructor(wanted) {
    this.wanted = wanted;
    this.asking = null;
    this.declined = false;
  }

  async fetch(path, options = {}) {
    for (;;) {
      const used = token();
      const response = await fetch(url(path), {
        ...options,
        headers: { ...headers(), ...options.headers },
        cache: 'no-store',
        credentials: 'same-origin',
        redirect: 'error',
      });
      if (response.status !== 401) return response;
      await response.body?.cancel();
      if (used === token() && (this.declined || !(await this.ask(used !== '')))) {
        throw new ApiError(401, 'this port wants a token');
      }
    }
  }

  /** One question at a time, however many calls were refused; after a no, none by itself. */
  ask(refused) {
    this.asking ??= this.wanted(refused).then((given) => {
      this.asking = null;
      this.declined = !given;
      return given;
    });
    return this.asking;
  }

  async get(path) {
    const response = await this.fetch(path, { signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) throw await failure(response);
    return response.json();
  }

  async text(path) {
    const response = await this.fetch(path, { signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) throw await failure(response);
    return response.text();
  }

  async post(path) {
    const response = await this.fetch(path, { method: 'POST', signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) throw await failure(response);
    return response.json();
  }
}

/** The feed, opened again and again; says how it is by `state`: connecting, live, waiting. */
export class Feed {
  constructor(api, told, state) {
    this.api = api;
    this.told = told;
    this.state = state;
    this.wait = FIRST_WAIT;
  }

  async run() {
    for (;;) {
      this.state({ name: 'connecting' });
      let why = 'the stream ended';
      try {
        await this.read();
      } catch (e) {
        why = e.name === 'AbortError' ? `nothing came for ${SILENCE / 1000} s` : e.message;
      }
      const wait = this.wait * (0.75 + Math.random() / 2);
      this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
      this.state({ name: 'waiting', why, until: Date.now() + wait });
      await new Promise((resolve) => {
        this.now = resolve;
        setTimeout(resolve, wait);
      });
    }
  }

  /** Does not wait any longer. */
  hurry() {
    this.wait = FIRST_WAIT;
    this.now?.();
  }

  async read() {
    const silence = new AbortController();
    let alarm = setTimeout(() => silence.abort(), SILENCE);
    try {
      const response = await this.api.fetch('api/events', { signal: silence.signal });
      if (!response.ok) throw await failure(response);
      const parser = new EventParser(this.told);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let first = true; ; first = false) {
        const { done, value } = await reader.read();
        if (done) return;
        if (first) {
          this.wait = FIRST_WAIT;
          this.state({ name: 'live' });
        }
        clearTimeout(alarm);
        alarm = setTimeout(() => silence.abort(), SILENCE);
        parser.push(value);
      }
    } finally {
      clearTimeout(alarm);
    }
  }
}
