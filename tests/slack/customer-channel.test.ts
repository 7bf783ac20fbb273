import { afterEach, describe, expect, it } from 'vitest';
import type { Parcel } from '../../src/domain/billing/delivery/ports.ts';
import type { Role } from '../../src/domain/types.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { createCustomerChannel } from '../../src/slack/customer-channel.ts';
import { createDeliveryClient } from '../../src/slack/delivery/call-slack.ts';
import { createPoster } from '../../src/slack/delivery/poster.ts';
import { createSlackDirectory } from '../../src/slack/directory.ts';
import { openStore } from '../../src/store/open-store.ts';
import { exampleDocument } from '../domain/billing/document/example-document.ts';
import { startSlack } from '../sandbox/slack/world.ts';

const TEAM = 'T0PSIZERO';
const open: { close: () => Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function start() {
  const world = await startSlack();
  const store = openStore(':memory:');
  open.push(world, store);
  const client = createDeliveryClient('xoxb-test', `${world.origin}/api/`);
  const clock = fixedClock(world.world.now());
  const clientFor = () => client;
  const directory = createSlackDirectory({
    ...{ clientFor, db: store.db, clock },
    rolesFor: ({ isGuest, isStranger }): Role[] => (isGuest || isStranger ? ['guest'] : ['viewer']),
    fallbackTz: 'UTC',
  });
  const poster = createPoster({ clientFor, db: store.db, clock, logger: silentLogger });
  return { channel: createCustomerChannel({ clientFor, teamId: TEAM, directory, poster }), client };
}

function parcel(address: string, domain = 'brightpath.example'): Parcel {
  return {
    delivery: {
      ...{ id: 'dlv_1', key: 'k', invoiceId: 'rinv_1', stripeInvoiceId: 'in_1', number: 'PSI-1' },
      ...{ customerId: 'psz_1', channel: 'slack', address, name: 'Dana', language: 'en', dueAt: 0 },
      ...{ state: 'sending', attempts: 1, sentAt: null, settledAt: null, reason: null },
    },
    customer: { id: 'psz_1', name: 'Brightpath', domain },
    document: exampleDocument(),
    pdf: { fileName: 'PSI-1.pdf', bytes: new TextEncoder().encode('%PDF-') },
    message: { subject: 'Invoice PSI-1 <b>', text: '', html: '' },
  };
}

describe('an invoice in a shared channel', () => {
  it('is posted with its PDF where only that customer reads along', async () => {
    const { channel, client } = await start();
    const { outsideId } = await channel.send(parcel('ext-brightpath'), 'key_1');
    const [where = '', ts = ''] = outsideId.split(':');
    const { messages = [] } = await client.conversations.replies({ channel: where, ts });
    expect(messages[0]?.text).toContain('https://pay.psizero.example/i/in_1QxYz8');
    expect(messages.flatMap(({ files = [] }) => files.map(({ name }) => name))).toEqual(['PSI-1.pdf']);
  });

  it.each<[string, string, string, RegExp]>([
    ['a channel of another customer', 'ext-brightpath', 'acme.example', /not shared with Brightpath alone/],
    [
      'a channel of a look-alike domain',
      'ext-brightpath',
      'path.example',
      /not shared with Brightpath alone/,
    ],
    [
      'a channel in which nobody of theirs is',
      'general',
      'brightpath.example',
      /not shared with Brightpath alone/,
    ],
    ['a channel there is not', 'ext-nobody', 'brightpath.example', /no channel #ext-nobody/],
  ])('is refused for %s', async (_name, address, domain, words) => {
    const { channel } = await start();
    await expect(channel.send(parcel(address, domain), 'key_1')).rejects.toThrow(words);
  });
});
