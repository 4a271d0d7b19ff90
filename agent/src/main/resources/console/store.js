// What the page knows; bounded, whatever comes.

export const ROWS = 200;

const short = (text, most) => String(text ?? '').slice(0, most);

/** Of an exchange no more than is shown. */
function row(exchange, key) {
  return {
    key,
    id: short(exchange.id, 128),
    model: short(exchange.model, 200),
    route: short(exchange.route, 200),
    origin: short(exchange.origin ?? exchange.served, 200),
    mode: exchange.mode,
    stream: exchange.stream,
    status: exchange.status,
    outcome: exchange.outcome,
    verdict: exchange.verdict,
    reason: exchange.reason,
    score: exchange.score,
    threshold: exchange.threshold,
    z: exchange.z,
    shift: exchange.model_shift,
    peak: exchange.peak_score,
    action: exchange.action,
    seam: exchange.seam,
    seamReason: exchange.seam_reason,
    direction: short(exchange.direction, 200),
    beside: Object.entries(exchange.directions ?? {}).slice(0, 64),
    tokens: exchange.tokens_scored,
    started: exchange.started_at,
    answerMs: exchange.answer_ms,
    scoringMs: exchange.scoring_ms,
  };
}

export class Store {
  constructor() {
    this.rows = [];
    this.incoming = [];
    this.seen = 0;
    this.drifted = 0;
    this.serial = 0;
    this.paused = false;
    this.only = 'all';
    this.connection = { name: 'connecting' };
    this.texts = new Map();
    this.kept = null;
    this.shown = null;
    this.facts = {};
  }

  /** Takes an exchange as it comes, oldest first. */
  add(exchange) {
    this.seen += 1;
    if (exchange.verdict === 'drifted') this.drifted += 1;
    this.incoming.push(row(exchange, ++this.serial));
    if (this.incoming.length >= 2 * ROWS) this.incoming = this.incoming.slice(-ROWS);
  }

  /** Takes those that were there before, newest first; those that are known are left out. */
  fill(exchanges) {
    const known = new Set([...this.rows, ...this.incoming].map((r) => `${r.id} ${r.started}`));
    const missed = exchanges.filter((e) => !known.has(`${e.id} ${e.started_at}`));
    const before = missed.map((e) => row(e, ++this.serial));
    this.rows = [...this.rows, ...before]
      .sort((a, b) => (a.started < b.started ? 1 : a.started > b.started ? -1 : 0))
      .slice(0, ROWS);
  }

  /** Lets what came onto the page; false when nothing did. */
  flush() {
    if (this.paused || this.incoming.length === 0) return false;
    this.rows = this.incoming.reverse().concat(this.rows).slice(0, ROWS);
    this.incoming = [];
    return true;
  }

  visible() {
    return this.only === 'all' ? this.rows : this.rows.filter((r) => r.verdict === this.only);
  }

  setTexts(latest) {
    this.texts = new Map(latest.slice(0, ROWS).map((each) => [each.id, each]));
  }
}
