import { expect, it } from 'vitest';
import { makeSafe } from '../../src/agent/output-gate.ts';
import { wrapForModel } from '../../src/agent/outside-boundary.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { DurableReceiver } from '../../src/slack/durable-receiver.ts';
import type { SlackTransport } from '../../src/slack/transport.ts';

const KEY = `sk_live_${'q1w2e3'.repeat(4)}`;

it('a credential in a record does not reach the model', () => {
  expect(wrapForModel({ subject: `we use ${KEY}`, id: 'tkt_1' }, true)).not.toContain(KEY);
});

it('a credential in an answer is not posted', () => {
  expect(makeSafe(`they use ${KEY}`, [])).toBe('they use [secret removed]');
});

it('a credential somebody pastes is not written down', async () => {
  const recorded: string[] = [];
  let deliver: Parameters<SlackTransport['start']>[0] = async () => undefined;
  const transport: SlackTransport = {
    start: async (take) => {
      deliver = take;
    },
    stop: async () => undefined,
  };
  const inbox = {
    record: async (body: unknown) => {
      recorded.push(JSON.stringify(body));
      return { eventKey: 'k', fresh: true };
    },
    claim: async () => true,
    done: async () => undefined,
    unfinished: async () => [],
  };
  const receiver = new DurableReceiver(transport, {
    inbox,
    pending: new PendingWork(),
    logger: silentLogger,
  });
  await receiver.start();
  const body = {
    type: 'event_callback',
    event_id: 'E1',
    event: { type: 'message', text: `use ${KEY} "now"` },
  };
  await deliver({ body, ack: async () => undefined });
  expect(recorded).toEqual([JSON.stringify(body).replace(KEY, '[secret removed]')]);
});
