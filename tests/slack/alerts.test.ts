import { WebAPIPlatformError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/alerts/finding.ts';
import { MESSAGES_AN_HOUR } from '../../src/domain/alerts/grouping.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { createAlertMessages } from '../../src/slack/alerts.ts';
import type { OutgoingMessage, Poster } from '../../src/slack/delivery/poster.ts';
import { failed, incident, openDesk } from '../tools/alerts/desk.ts';

const MINUTE = 60_000;

/** Slack as far as alert cards go: what stands where, and how often it was touched. */
function openSlack(desk: ReturnType<typeof openDesk>, options: { closed?: string[]; paceMs?: number } = {}) {
  const posts: (OutgoingMessage & { ts: string })[] = [];
  const texts = new Map<string, string>();
  let updates = 0;
  const write = (key: string, channel: string, ts: string) =>
    desk.store.sqlite
      .prepare(
        'INSERT OR REPLACE INTO deliveries (delivery_key, channel_id, message_ts, state, at) VALUES (?, ?, ?, ?, ?)',
      )
      .run(key, channel, ts, 'posted', desk.clock.now());
  const known = new Map<string, string>();
  const poster: Pick<Poster, 'post' | 'update'> = {
    async post(key, message) {
      if (options.closed?.includes(message.channelId)) {
        throw new WebAPIPlatformError({ ok: false, error: 'not_in_channel' });
      }
      const ts = known.get(key) ?? `${posts.length + 1}.0`;
      if (!known.has(key)) posts.push({ ...message, ts });
      known.set(key, ts);
      texts.set(ts, message.text);
      write(key, message.channelId, ts);
      return { teamId: message.teamId, channelId: message.channelId, ts };
    },
    async update(posted, message) {
      updates += 1;
      texts.set(posted.ts, message.text);
    },
  };
  const unused = async () => {
    throw new Error('not used for alerts');
  };
  const pending = new PendingWork();
  const start = () =>
    createAlertMessages({
      cards: desk.cards,
      targets: {
        of: async (kind) =>
          options.closed?.includes('C1') && posts.length === 0 && kind === 'error_spike'
            ? [{ target: 'dm:U1', channelId: 'D1' }]
            : [{ target: 'channel:finance', channelId: 'C1' }],
        forget: () => options.closed?.splice(0),
      },
      poster: {
        ...poster,
        ephemeral: unused,
        openDm: unused,
        delivered: unused,
        note: unused,
        knows: unused,
      },
      clock: desk.clock,
      pending,
      logger: createLogger('silent', (line) => line),
      ...{ teamId: 'T1', tz: 'UTC', simulated: true, paceMs: options.paceMs ?? 5 },
    });
  let messages = start();
  return {
    posts,
    texts,
    updates: () => updates,
    restart: () => {
      messages = start();
    },
    async settle() {
      messages.refresh();
      await pending.drained();
    },
    refresh: () => messages.refresh(),
  };
}

const over = (id: string): Finding => ({
  verdict: 'clear',
  kind: 'payment_failed',
  subject: { kind: 'customer', id },
  words: 'Invoice INV-1 has been paid.',
});

describe('alerts in Slack', () => {
  it('are one card that is updated, says when it is over, and says so in its thread', async () => {
    const desk = openDesk();
    const slack = openSlack(desk);
    await desk.record(failed('c1', 'Acme'));
    await slack.settle();
    await desk.record(failed('c1', 'Acme', { count: 2, detail: 'Second failure.' }));
    await slack.settle();
    expect(slack.posts).toHaveLength(1);
    expect(slack.updates()).toBe(1);
    await desk.record(over('c1'));
    await slack.settle();
    expect(slack.texts.get('1.0')).toMatch(/^Over: /);
    expect(slack.posts[1]).toMatchObject({ threadTs: '1.0', text: 'Over: Invoice INV-1 has been paid.' });
    await slack.settle();
    expect(slack.posts).toHaveLength(2);
  });

  it('keep the same card when the trouble comes back soon', async () => {
    const desk = openDesk();
    const slack = openSlack(desk);
    for (const finding of [failed('c1', 'Acme'), over('c1'), failed('c1', 'Acme', { count: 2 })]) {
      await desk.record(finding);
      await slack.settle();
    }
    expect(slack.posts.filter((post) => !post.threadTs)).toHaveLength(1);
    expect(slack.texts.get('1.0')).not.toMatch(/^Over/);
  });

  it('are one message for five hundred customers at once, and one for five hundred times the same', async () => {
    const desk = openDesk();
    const slack = openSlack(desk, { paceMs: 500 });
    for (let n = 0; n < 500; n += 1) {
      await desk.record(failed(`c${n}`, `Customer ${n}`));
      slack.refresh();
    }
    await slack.settle();
    for (let n = 2; n < 500; n += 1) await desk.record(failed('c1', 'Customer 1', { count: n }));
    await slack.settle();
    expect(slack.posts).toHaveLength(1);
    expect(slack.texts.get('1.0')).toContain('500 customers have failed payments, $60,000.00 unpaid');
    expect(slack.updates()).toBeLessThan(10);
  });

  it('stay within the messages of an hour, whatever trickles in', async () => {
    const desk = openDesk();
    const slack = openSlack(desk);
    for (let n = 0; n < 40; n += 1) {
      desk.clock.advance(61_000);
      await desk.record(failed(`c${n}`, `Customer ${n}`, { lastSeenAt: desk.clock.now() }));
      await slack.settle();
    }
    expect(slack.posts.length).toBeLessThanOrEqual(MESSAGES_AN_HOUR);
    expect(desk.cards.unplaced()).toEqual([]);
  });

  it('are posted once when the process dies between the store and Slack', async () => {
    const desk = openDesk();
    const slack = openSlack(desk);
    await desk.record(failed('c1', 'Acme'));
    await desk.cards.open({
      ...{ kind: 'payment_failed', target: 'channel:finance', teamId: 'T1', channelId: 'C1' },
      alertIds: desk.cards.unplaced().map(({ id }) => id),
      ...{ nowAt: desk.clock.now(), joinedAt: desk.clock.now() },
    });
    slack.restart();
    await slack.settle();
    slack.restart();
    await slack.settle();
    expect(slack.posts).toHaveLength(1);
  });

  it('go to where they can be read when Psi has been removed from a channel', async () => {
    const desk = openDesk();
    const slack = openSlack(desk, { closed: ['C1', 'D1'] });
    await desk.record(incident);
    await slack.settle();
    expect(slack.posts.filter((post) => !post.threadTs)).toHaveLength(1);
  });

  it('say in the thread that a snooze is over while it is still so', async () => {
    const desk = openDesk();
    const slack = openSlack(desk);
    const [opened] = await desk.record(failed('c1', 'Acme'));
    await slack.settle();
    await desk.book.change(opened?.alert.id ?? '', { snoozedUntilAt: desk.clock.now() + MINUTE });
    await slack.settle();
    expect(slack.posts).toHaveLength(1);
    desk.clock.advance(MINUTE);
    await slack.settle();
    await slack.settle();
    expect(slack.posts.map((post) => post.text).slice(1)).toEqual([
      "The snooze is over, and it is still so: Acme's payment of $120.00 failed: the card has expired.",
    ]);
  });
});
