import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxUser } from '../../sandbox/client.ts';
import { type Launched, launch } from '../../sandbox/launch.ts';
import { NOW } from '../integration/workspace.ts';

const BROWSER = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PICTURE = join(import.meta.dirname, '../../docs/screenshot.png');
const found = existsSync(BROWSER);
if (!found) process.stdout.write(`skipped: no chromium at ${BROWSER} or CHROMIUM_PATH\n`);

describe.skipIf(!found)('a newcomer with a browser', () => {
  let workspace: Launched;
  let browser: Browser;
  let page: Page;
  let users: SandboxUser[];
  /** Errors of the page and its console, and requests to any other host. */
  const complaints: string[] = [];

  beforeAll(async () => {
    [workspace, browser] = await Promise.all([
      launch({ env: { SANDBOX_NOW: NOW } }),
      chromium.launch({ executablePath: BROWSER, args: FLAGS }),
    ]);
    const { origin } = workspace.client;
    ({ users } = await workspace.client.state());
    page = await browser.newPage({ viewport: { width: 1360, height: 860 }, colorScheme: 'light' });
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(`${origin}/`))
        complaints.push(`request to ${request.url()}`);
    });
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
    await workspace?.stop();
  });

  const thread = () => page.getByRole('region', { name: 'Thread' });
  const conversation = () => page.getByRole('main', { name: 'Conversation' });
  const dialog = () => page.getByRole('dialog');
  const idOf = (role: string, index = 0): string => {
    const user = users.filter((each) => each.role === role)[index];
    if (!user) throw new Error(`nobody is ${role}`);
    return user.id;
  };

  /** Becomes this person, and opens their DM with Psi. */
  async function become(id: string): Promise<void> {
    await page.getByLabel('Act as').selectOption(id);
    await page.getByRole('button', { name: 'Psi', exact: true }).click();
  }

  async function ask(text: string): Promise<void> {
    await conversation().getByLabel('Message').fill(text);
    await conversation().getByLabel('Message').press('Enter');
    await settled();
  }

  /** Until Psi has nothing left to do and the page shows it. */
  async function settled(): Promise<void> {
    await workspace.client.wait();
    await page.waitForTimeout(250);
  }

  async function press(where: Locator, name: string): Promise<void> {
    await where.getByRole('button', { name, exact: true }).last().click();
    await settled();
  }

  async function expectText(where: Locator, text: string | RegExp): Promise<void> {
    await where.getByText(text).last().waitFor({ state: 'visible' });
  }

  it('is told on arrival what is simulated and how to connect a real workspace', async () => {
    await page.goto(workspace.client.origin);
    await become(idOf('finance'));
    const banner = page.getByRole('banner');
    await expectText(banner, 'This is a simulation.');
    await banner.getByText('Connect a real workspace').click();
    await expectText(banner, /SLACK_BOT_TOKEN=/);
    await page.keyboard.press('Escape');
    expect(await banner.getByText(/SLACK_BOT_TOKEN=/).isVisible()).toBe(false);
  });

  it("asks how's MRR, reads the number, its steps and its receipt", async () => {
    const { minor = 0 } = await workspace.client.truth('mrr');
    const amount = (minor / 100).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
    await ask("how's MRR?");
    await expectText(thread(), `MRR is ${amount} as of`);
    expect(await thread().locator('.task').first().innerText()).toContain('MRR');
    await press(thread(), 'Why this number?');
    expect(await dialog().getByRole('heading').innerText()).toBe('Why this number?');
    for (const part of ['Monthly recurring revenue', 'Sources', 'data through today at', amount])
      expect(await dialog().innerText()).toContain(part);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
  });

  it("asks who hasn't paid and sees the invoices", async () => {
    const open = await workspace.client.truth('receivables_open');
    await ask("who hasn't paid us?");
    await expectText(thread(), new RegExp(`^${open.rows} unpaid invoices`));
    const table = thread().getByRole('table');
    expect(await table.getByRole('columnheader').allInnerTexts()).toContain('Days overdue');
    expect(await table.getByRole('row').count()).toBe(1 + Math.min(open.rows, 10));
  });

  it('proposes a refund, may not approve it alone, and is told when somebody else has', async () => {
    await ask("refund Acme's last payment");
    await expectText(thread(), 'Waiting for approval');
    if (process.env.PSI_SCREENSHOT === '1') {
      await page.mouse.move(0, 0);
      await page.screenshot({ path: PICTURE });
    }
    await press(thread(), 'Approve');
    await expectText(thread(), /You asked for this yourself/);
    await expectText(thread(), 'Only visible to you');
    expect(await workspace.client.effects()).toEqual([]);

    await become(idOf('finance', 1));
    await expectText(conversation(), 'Waiting for approval');
    expect(await conversation().innerText()).not.toContain('You asked for this yourself');
    await press(conversation(), 'Approve');
    await expectText(conversation(), 'Done');
    expect((await workspace.client.effects()).map((effect) => effect.kind)).toEqual(['refund.created']);

    await become(idOf('finance'));
    await conversation()
      .getByRole('button', { name: /replies/ })
      .last()
      .click();
    await expectText(thread(), /^Refunded .* to Acme Robotics\. Approved by /);
  });

  it('finds the numbers and what waits at App Home', async () => {
    await page.getByRole('button', { name: 'App Home' }).click();
    await settled();
    const customers = await workspace.client.truth('active_customers');
    await expectText(conversation(), 'Nothing waits for your decision.');
    expect(await conversation().innerText()).toMatch(new RegExp(`Active customers\\s+${customers.value}\\b`));
  });

  it('sees that Psi is at work, and can stop it', async () => {
    await become(idOf('finance'));
    await workspace.client.model({ script: [{ text: 'Too late.' }] });
    await workspace.client.fault({ system: 'model', kind: 'slow', ms: 4000 });
    await conversation().getByLabel('Message').fill('tell me a story');
    await conversation().getByLabel('Message').press('Enter');
    await expectText(thread(), 'Psi is looking into it');
    await press(thread(), 'Stop');
    await workspace.client.model({ off: true });
    await expectText(thread(), 'I stopped.');
    expect(await thread().getByText('Psi is looking into it').count()).toBe(0);
  });

  it('gets no number as a guest, and is told why', async () => {
    await become(idOf('guest'));
    await ask("how's MRR?");
    await expectText(thread(), /members of this workspace/);
    expect(await thread().innerText()).not.toMatch(/\$\d/);
  });

  it.each([
    ['*bold*, _leaning_, ~gone~', '<strong>bold</strong>, <em>leaning</em>, <s>gone</s>'],
    ['_until <!date^1795386600^{date_short_pretty}|no>_', '<em>until <span title="no">today</span></em>'],
    ['`code with *stars*`', '<code>code with *stars*</code>'],
    ['2*3*4 of snake_case_names, 5 * 6 * 7', '2*3*4 of snake_case_names, 5 * 6 * 7'],
    ['Harrow &amp; Finch &lt;b&gt;bold&lt;/b&gt;', 'Harrow &amp; Finch &lt;b&gt;bold&lt;/b&gt;'],
    ['twice &amp;lt;escaped&amp;gt;', 'twice &amp;lt;escaped&amp;gt;'],
    ['<javascript:alert(1)|press me>', '<span>press me</span>'],
    ['> quoted\nnot quoted', '<blockquote>quoted</blockquote>not quoted'],
    ['• one\n• two', '• one<br>• two'],
    ['<!date^1795386600^{date_short_pretty} at {time}|no>', '<span title="no">today at 5:30 PM</span>'],
    ['<!date^1793480400^{date_short}|no>', '<span title="no">Oct 31, 2026</span>'],
    ['<!date^1795386600^{week_of_year}|in words>', '<span title="in words">in words</span>'],
  ])('shows %s as Slack would, in the zone of who looks, and never as HTML', async (text, html) => {
    const shown = await page.evaluate(
      `import('/page/text.js').then(({ mrkdwn }) => {
         const box = document.createElement('div');
         box.append(...mrkdwn(${JSON.stringify(text)}));
         return box.innerHTML;
       })`,
    );
    expect(shown).toBe(html);
  });

  it('met no error on the way, and its browser asked no other host for anything', () => {
    expect(complaints).toEqual([]);
  });
});
