// Texts as they may be shown: what comes from a model or a client is somebody else's.

const BREAKING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A text in which nothing is invisible or turns the direction of what stands around it. */
export function plain(text, most = 2000) {
  const whole = String(text ?? '');
  const shown = whole.length > most ? `${whole.slice(0, most)}…` : whole;
  return shown.replace(BREAKING, (c) => `⟨U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

export function number(value, digits = 3) {
  return typeof value === 'number' && Number.isFinite(value) ? value.toFixed(digits) : '–';
}

export function time(instant) {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? '–' : date.toLocaleTimeString(undefined, { hour12: false });
}

export function moment(instant) {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? '–' : date.toLocaleString(undefined, { hour12: false });
}

/** A mark and a word: a colour alone says nothing to some. */
export const MARKS = { aligned: '●', drifted: '▲', unscored: '○' };

export function verdictWord(row) {
  return row.verdict === 'unscored' && row.reason ? `unscored (${row.reason})` : row.verdict;
}
