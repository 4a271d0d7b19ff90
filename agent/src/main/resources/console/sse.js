// Server-sent events (HTML Living Standard, 9.2.6) out of a stream of bytes, with a bound.

const MOST = 1 << 20;

/** Takes pieces of text, cut anywhere; tells of each event {event, data, id}. */
export class EventParser {
  constructor(told) {
    this.told = told;
    this.rest = '';
    this.dropped = 0;
    this.clear();
  }

  clear() {
    this.event = 'message';
    this.data = [];
    this.size = 0;
    this.id = '';
  }

  push(text) {
    this.rest += text;
    if (this.rest.length > MOST && !/[\r\n]/.test(this.rest)) {
      this.rest = '';
      this.size = MOST + 1;
      return;
    }
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop();
    lines.forEach((line) => this.line(line));
  }

  line(line) {
    if (line === '') {
      this.end();
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    if (field === 'id') this.id = value;
    if (field === 'data') {
      this.size += value.length;
      if (this.size <= MOST) this.data.push(value);
    }
  }

  end() {
    if (this.size > MOST) this.dropped += 1;
    else if (this.data.length > 0) this.told({ event: this.event, id: this.id, data: this.data.join('\n') });
    this.clear();
  }
}
