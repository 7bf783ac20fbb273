import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Launched, launch } from '../../sandbox/launch.ts';
import { NOW, type Person, peopleOf, personOf } from './workspace.ts';

/**
 * Every credential the bot was started with, and some that people and customers send along, while everything
 * outside fails loudly: none may stand in the log, in a prompt, in a message or in what the bot keeps.
 */
const CREDENTIALS: Record<string, string> = {
  OPENAI_API_KEY: 'sk-canary-model-0123456789abcdef',
  SLACK_BOT_TOKEN: 'xoxb-simulated',
  SLACK_APP_TOKEN: 'xapp-simulated',
  STRIPE_SECRET_KEY: 'sk_test_simulated',
  STRIPE_WEBHOOK_SECRET: 'whsec_canarycanary0123456789',
  SUPABASE_KEY: 'supabase-simulated',
  PSIZERO_API_TOKEN: 'psizero-simulated',
  PSIZERO_WEBHOOK_SECRET: 'canary-psizero-webhook-0123456789',
};
const TYPED = `sk_live_${'canaryTYPED'.repeat(3)}`;
const TICKET = `xoxp-0123456789-${'canaryTICKET'.repeat(2)}`;
const CARD = '4242 4242 4242 4242';

let model: Server;
let workspace: Launched;
let people: Record<string, Person[]>;
/** Everything the model was sent, headers aside: its own key belongs there. */
let prompts = '';
let modelPort = 0;

beforeAll(async () => {
  model = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      prompts += chunk.toString();
    });
    request.on('end', () => {
      response.writeHead(401, { 'content-type': 'application/json' });
      // Vendors quote the key they refuse.
      const message = `Incorrect API key provided: ${CREDENTIALS.OPENAI_API_KEY}.`;
      response.end(
        JSON.stringify({ error: { message, type: 'invalid_request_error', code: 'invalid_api_key' } }),
      );
    });
  });
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
  const address = model.address();
  modelPort = typeof address === 'object' && address !== null ? address.port : 0;
  const own = ['OPENAI_API_KEY', 'STRIPE_WEBHOOK_SECRET', 'PSIZERO_WEBHOOK_SECRET'];
  workspace = await launch({
    env: {
      SANDBOX_NOW: NOW,
      PSI_LOG_LEVEL: 'trace',
      OPENAI_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
      ...Object.fromEntries(own.map((name) => [name, CREDENTIALS[name] ?? ''])),
    },
  });
  people = peopleOf(workspace.client, await workspace.client.state());
}, 90_000);
afterAll(async () => {
  await workspace?.stop();
  model?.close();
});

/** What the bot keeps, as bytes: its databases, not those of the world around it. */
function kept(): string {
  const files = readdirSync(workspace.dataDir, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /(^|\/)psi[^/]*\.db(-wal)?$/.test(file))
    .map((file) => readFileSync(join(workspace.dataDir, file), 'latin1'))
    .join('\n');
}

async function shown(): Promise<string> {
  const { client } = workspace;
  const { channels, users } = await client.state();
  const seen: string[] = [];
  for (const channel of channels) {
    for (const viewer of users) {
      const messages = await client.messages({ channel: channel.id, viewer: viewer.id }).catch(() => []);
      seen.push(...messages.filter((message) => message.is_bot).map((message) => JSON.stringify(message)));
    }
  }
  return seen.join('\n');
}

describe('while everything fails and people paste secrets', () => {
  it('no credential is anywhere it could be read', async () => {
    const { client } = workspace;
    const finance = personOf(people, 'finance');
    await client.event({
      type: 'ticket_opened',
      customer: String((await client.pick('customer', 'healthy')).id),
      text: `Here is our token ${TICKET} and the card ${CARD}`,
    });
    const told = await (await finance.ask(`how's MRR? my key is ${TYPED}, card ${CARD}`)).answer();
    expect(told).toMatch(/I removed it unread and unstored/);
    await finance.ask('show open support tickets');
    for (const system of ['stripe', 'supabase', 'psizero', 'mail', 'slack']) {
      await client.fault({ system, kind: system === 'slack' ? 'rate_limit' : 'http_500', count: 4 });
      await client.clock({ advance: 'PT2M' });
      await finance.ask('gross revenue today, and what is waiting for me?');
    }
    await client.clearFaults();
    await client.wait();

    const doctor = await (await fetch(`${workspace.botUrl}/doctor`)).text();
    const places = { log: workspace.logs(), prompts, messages: await shown(), store: kept(), doctor };
    expect(prompts.length).toBeGreaterThan(1_000);
    expect(places.messages.length).toBeGreaterThan(1_000);
    expect(places.store.length).toBeGreaterThan(100_000);
    expect(places.log).toMatch(/401|Incorrect API key/);
    for (const [name, secret] of Object.entries(CREDENTIALS)) {
      for (const [place, text] of Object.entries(places)) {
        expect(text.includes(secret), `${name} in the ${place}`).toBe(false);
      }
    }
    for (const [place, text] of Object.entries(places)) {
      expect(text.includes(TYPED), `what was typed in the ${place}`).toBe(false);
      // The ticket itself is kept as its source has it; it goes nowhere from there.
      if (place === 'store') continue;
      expect(text.includes(TICKET), `the ticket's token in the ${place}`).toBe(false);
      expect(text.includes(CARD), `the card in the ${place}`).toBe(false);
    }
    expect(existsSync(workspace.dataDir)).toBe(true);
  }, 120_000);
});
