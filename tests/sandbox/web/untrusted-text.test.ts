import { existsSync } from 'node:fs';
import Fastify, { type FastifyInstance } from 'fastify';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { registerPage } from '../../../sandbox/web/page-routes.ts';

const BROWSER = '/usr/bin/chromium';
const present = existsSync(BROWSER);
if (!present) process.stderr.write(`Skipped: no browser at ${BROWSER}.\n`);

const HOSTILE = [
  '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
  '[click](javascript:window.hacked=1) <javascript:window.hacked=1|here> ![](http://attacker.example/p.png)',
  '*bold* _soft_ `code` <https://example.com|site> <@U1> 2 < 3',
].join('\n');

/** Runs in the browser, as it stands. */
const RENDER = `async ([kind, text]) => {
  const modules = await import('/page/text.js');
  const box = document.createElement('div');
  box.append(...modules[kind](text));
  document.body.append(box);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    html: box.innerHTML,
    text: box.textContent,
    links: [...box.querySelectorAll('a')].map((link) => link.href),
    images: box.querySelectorAll('img, script').length,
    hacked: 'hacked' in window,
  };
}`;

const shownSchema = z.object({
  html: z.string(),
  text: z.string(),
  links: z.array(z.string()),
  images: z.number(),
  hacked: z.boolean(),
});

describe.skipIf(!present)('text from outside', () => {
  let app: FastifyInstance;
  let browser: Browser;
  let page: Page;
  const requested: string[] = [];

  beforeAll(async () => {
    app = Fastify();
    registerPage(app);
    app.get('/sandbox/state', async (_request, reply) => reply.code(500).send({}));
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    browser = await chromium.launch({
      executablePath: BROWSER,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
    });
    page = await browser.newPage();
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(origin);
  });

  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it.each(['mrkdwn', 'markdown'])('is only ever text in %s', async (kind) => {
    const shown = shownSchema.parse(await page.evaluate(`(${RENDER})(${JSON.stringify([kind, HOSTILE])})`));
    expect(shown.hacked).toBe(false);
    expect(shown.images).toBe(0);
    expect(shown.links.every((link) => /^https?:/.test(link))).toBe(true);
    expect(shown.text).toContain('window.hacked=1');
    expect(shown.html).toContain('<code>code</code>');
    expect(requested.some((url) => url.includes('attacker'))).toBe(false);
  });
});
