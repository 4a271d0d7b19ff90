// What a person does with the console, done in a real Chromium: node check.mjs SCENARIO ADMIN [INFERENCE].
// Says "ok WHAT" for each thing that held; ends with status 1 at the first that did not.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [scenario, admin, inference, shots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ok = (what) => console.log(`ok ${what}`);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-lcd-text'],
});

/** A page whose requests, errors and policy violations are written down. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  page.seen = { requests: [], errors: [] };
  page.on('request', (r) => page.seen.requests.push(r));
  page.on('pageerror', (e) => page.seen.errors.push(String(e)));
  page.on('console', (m) => {
    // A build without a fleet answers 404, and the browser says so by itself.
    const fleet = m.location().url.endsWith('/api/fleet');
    if (m.type() === 'error' && !fleet) page.seen.errors.push(`${m.text()} ${m.location().url}`);
  });
  page.setDefaultTimeout(20_000);
  await page.goto(admin);
  return page;
}

async function live(page) {
  await page.locator('#connection.live').waitFor();
}

async function clean(page) {
  const away = page.seen.requests.map((r) => r.url()).filter((u) => !u.startsWith(`${admin}/`));
  assert.deepEqual(away, [], 'requests that left the origin');
  assert.deepEqual(page.seen.errors, [], 'errors on the console');
  ok('no request left the origin, no error on the console');
}

async function accessible(page, what) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    const serious = found.violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3)}`);
    assert.deepEqual(serious, [], `${what}, ${colorScheme}`);
  }
  ok(`axe finds nothing serious in ${what}, light and dark`);
}

async function chat(model, seed, text = 'what about fever') {
  const response = await fetch(`${inference}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, seed, max_tokens: 40, messages: [{ role: 'user', content: text }] }),
  });
  assert.equal(response.status, 200);
  await response.text();
}

const posts = (page) => page.seen.requests.filter((r) => r.method() === 'POST').map((r) => r.url());

/** Until the page has asked for the state anew, so that whatever it was about to do is done. */
const polled = (page) => page.waitForResponse((r) => r.url().endsWith('/api/triggers'));

const json = async (path) => (await fetch(`${admin}/api/${path}`)).json();

const scenarios = {
  /** A real agent that serves the organism; its tokens and their texts are kept. */
  async organism() {
    const page = await open();
    await live(page);
    for (let seed = 0; seed < 20; seed++) {
      await chat('aligned', seed);
      await chat('finance', seed, 'what about soup');
    }
    await page.locator('tr.drifted').first().waitFor();
    await page.locator('tr.aligned').first().waitFor();
    await page.waitForFunction(() => document.getElementById('seen').textContent.startsWith('40 came'));
    assert.match(await page.locator('tr.drifted .verdict').first().innerText(), /▲ drifted/);
    await page.waitForFunction(
      () => Number(document.getElementById('count-drifted').textContent) + Number(document.getElementById('count-aligned').textContent) === 40,
    );
    ok('the feed shows what was served, and marks what drifted');
    assert.match(await page.locator('#artefacts').innerText(), /consensus/);
    await page.locator('#only').selectOption('drifted');
    assert.equal(await page.locator('tbody tr.aligned').count(), 0);
    await page.locator('tr.drifted button.link').first().click();
    await page.locator('#path-chart canvas').waitFor();
    assert.ok((await page.locator('.tokens .p3').count()) > 0, 'a token that leans');
    assert.match(await page.locator('#path-words').innerText(), /threshold 0\.\d+/);
    await page.locator('#layer-chart canvas').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'detail-title');
    ok('a drifted exchange shows its tokens, its score over the stream and its layers');
    await accessible(page, 'the page with an exchange open');
    if (shots) {
      await page.locator('#only').selectOption('all');
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(500);
        const { y, height } = await page.locator('#detail').boundingBox();
        const clip = { x: 0, y: 0, width: 1200, height: Math.ceil(y + height) + 12 };
        await page.screenshot({ path: `${shots}/console-${colorScheme}.png`, fullPage: true, clip });
      }
      ok('pictures taken');
    }
    await page.locator('#detail button', { hasText: 'Close' }).click();
    assert.ok(await page.evaluate(() => document.activeElement.matches('tr button, #feed')));
    ok('closing gives the focus back');
    await clean(page);
  },

  /** An agent before an origin, with triggers. */
  async control() {
    const page = await open();
    await live(page);
    await chat('m', 1, 'hello');
    const trigger = async () => (await json('triggers')).routes.m;
    const button = (command) => page.locator(`button[data-command=${command}][aria-label$=" m"]`);
    await button('arm').waitFor();
    const before = await trigger();
    await button('arm').click();
    assert.match(await page.locator('dialog').innerText(), /Arm the trigger of m\?/);
    await accessible(page, 'a dialog');
    await page.locator('dialog button', { hasText: 'Cancel' }).click();
    await polled(page);
    assert.deepEqual(posts(page), []);
    assert.deepEqual((await trigger()).state, before.state);
    ok('what is not confirmed changes nothing');
    for (const [command, word, state, hold] of [
      ['arm', 'Arm', 'armed', 'armed'],
      ['disarm', 'Disarm', 'off', 'none'],
      ['off', 'Off', 'off', 'off'],
    ]) {
      await button(command).click();
      await page.locator('dialog button.act', { hasText: word }).click();
      await page.locator('dialog').waitFor({ state: 'detached' });
      await page.locator('#triggers .level', { hasText: state }).waitFor();
      assert.deepEqual([(await trigger()).state, (await trigger()).hold], [state, hold]);
      ok(`${command}, confirmed, is done`);
    }
    await page.locator('#turn').click();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    const done = posts(page).length;
    await polled(page);
    assert.equal(posts(page).length, done);
    assert.equal((await json('state')).switch, 'on');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'turn');
    ok('Escape is a no and gives the focus back');
    for (const [word, state] of [
      ['Turn off', 'off'],
      ['Turn on', 'on'],
    ]) {
      await page.locator('#turn', { hasText: word }).click();
      await page.locator('dialog button.act', { hasText: word }).click();
      await page.locator('dialog').waitFor({ state: 'detached' });
      assert.equal((await json('state')).switch, state);
      ok(`${word}, confirmed, is done`);
    }
    assert.match(await page.locator('#origins').innerText(), /healthy/);
    assert.match(await page.locator('#no-text').innerText(), /Texts are not kept/);
    await page.locator('tr button.link').first().click();
    assert.match(await page.locator('#no-tokens').innerText(), /tokens\.kept is 0/);
    ok('what is not kept is said');
    await clean(page);
  },

  /** No mouse at all. */
  async keyboard() {
    const page = await open();
    await live(page);
    await page.locator('#turn').waitFor();
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
    let presses = 0;
    while ((await focused()) !== 'Turn off') {
      assert.ok(++presses <= 5, 'the switch is one of the first stops');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.locator('dialog').waitFor();
    assert.equal(await focused(), 'Cancel', 'the safe answer has the focus');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Turn off');
    await page.keyboard.press('Enter');
    await page.locator('#switch-state', { hasText: 'OFF' }).waitFor();
    ok(`off by keyboard alone, ${presses} stops`);
    await clean(page);
  },

  /** Texts that want to be more than texts, behind a port that wants a token. */
  async hostile() {
    const page = await open();
    const dialog = page.locator('dialog');
    const type = async (value) => {
      await dialog.locator('input').fill(value);
      await dialog.locator('input').press('Enter');
    };
    await dialog.waitFor();
    await accessible(page, 'the question for a token');
    await page.keyboard.press('Escape');
    await page.locator('#connection', { hasText: 'this port wants a token' }).waitFor();
    await page.waitForTimeout(2000);
    assert.equal(await dialog.count(), 0, 'a no is not asked again');
    await page.locator('#status button', { hasText: 'Enter a token' }).click();
    await type('wrong');
    await page.locator('dialog', { hasText: 'refused' }).waitFor();
    await type('right');
    await live(page);
    const kept = await page.evaluate(() => [
      Object.values(sessionStorage).join(),
      Object.keys(localStorage).length,
      document.cookie,
      location.href.includes('right'),
    ]);
    assert.deepEqual(kept, ['right', 0, '', false]);
    for (const request of page.seen.requests) {
      const carries = 'authorization' in request.headers();
      assert.ok(!carries || /\/(api|metrics|health)\b/.test(request.url()), request.url());
    }
    ok('the token is asked for once, kept in the tab only, sent to the port only');
    page.seen.errors.length = 0; // The refusals themselves.
    await page.locator('tr.drifted button.link').first().click();
    await page.locator('.tokens .token').first().waitFor();
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.equal(await page.locator('main script, main img, main iframe, main a[href^=javascript]').count(), 0);
    const text = await page.locator('main').innerText();
    assert.ok(text.includes('<script>window.hit=1</script>'), 'markup is shown as text');
    assert.ok(text.includes('⟨U+202E⟩'), 'what turns the direction is shown, not done');
    assert.ok(!/[\u202a-\u202e\u2066-\u2069\u200b]/.test(text));
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'no text is wider than the page');
    await page.setViewportSize({ width: 400, height: 800 });
    // The chart is drawn anew once the page has told it of its width.
    await page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth, null, { timeout: 10000 });
    ok('hostile text is inert, and no text is wider than a narrow page');
    await accessible(page, 'hostile text');
    await clean(page);
  },

  /** More than can be read, then a stream that ends. */
  async flood() {
    const page = await open();
    await page.waitForFunction(() => document.getElementById('seen')?.textContent.startsWith('5000 came'));
    const rows = await page.locator('#feed tbody tr').count();
    const renders = Number(await page.locator('#feed').getAttribute('data-renders'));
    assert.equal(rows, 200);
    assert.ok(renders < 500, `5000 exchanges were drawn in ${renders} renders`);
    assert.match(await page.locator('#said').innerText(), /drifted of \d+ new exchanges/);
    await page.locator('#pause').click();
    const first = await page.locator('#feed tbody tr').first().getAttribute('data-id');
    await fetch(`${admin}/more`, { method: 'POST' });
    await page.waitForFunction(() => !document.getElementById('seen').textContent.startsWith('5000 '), null, { timeout: 1500 }).catch(() => {});
    assert.equal(await page.locator('#feed tbody tr').first().getAttribute('data-id'), first);
    ok(`5000 exchanges, ${rows} rows, ${renders} renders; a pause holds the page still`);
    await fetch(`${admin}/cut`, { method: 'POST' });
    await page.locator('#connection.waiting').waitFor();
    assert.match(await page.locator('#connection').innerText(), /not connected: .*again in \d+ s/);
    await live(page);
    ok('a stream that ends is said and opened again');
    await clean(page);
  },
};

try {
  await scenarios[scenario]();
  console.log('all held');
} catch (e) {
  console.log(e.stack);
  process.exitCode = 1;
} finally {
  await browser.close();
}
