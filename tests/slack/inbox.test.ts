import { describe, expect, it } from 'vitest';
import { fixedClock } from '../../src/lib/clock.ts';
import { createInbox, eventKeyOf } from '../../src/slack/inbox.ts';
import { openStore } from '../../src/store/open-store.ts';

function setup() {
  const store = openStore(':memory:');
  const clock = fixedClock(Date.parse('2026-11-22T12:00:00Z'));
  return { clock, open: () => createInbox(store.db, clock) };
}

const event = { type: 'event_callback', event_id: 'Ev1', event: { type: 'message' } };

describe('the inbox', () => {
  it('takes a delivery that comes over two connections once, whether the first is under way or done', async () => {
    const { open } = setup();
    const inbox = open();
    const both = await Promise.all([inbox.record(event), inbox.record(event)]);
    expect(both.map((each) => each.fresh)).toEqual([true, false]);
    await inbox.done('event:Ev1');
    expect((await inbox.record(event)).fresh).toBe(false);
  });

  it('takes a repeated delivery again when a crash interrupted the first, and never beside its taking up', async () => {
    const { open } = setup();
    await open().record(event);
    expect((await open().record(event)).fresh).toBe(true);
    const next = open();
    expect(await next.unfinished()).toHaveLength(1);
    expect((await next.record(event)).fresh).toBe(false);
  });

  it('gives one message to one of two listeners, once', async () => {
    const { open } = setup();
    const inbox = open();
    expect(await Promise.all([inbox.claim('turn:1'), inbox.claim('turn:1')])).toEqual([true, false]);
    await inbox.done('turn:1');
    expect(await open().claim('turn:1')).toBe(false);
  });

  it('hands out what a crash interrupted, and gives up after three attempts or an hour', async () => {
    const { open, clock } = setup();
    await open().record(event);
    expect((await open().unfinished()).map((each) => each.eventKey)).toEqual(['event:Ev1']);
    await open().unfinished();
    expect(await open().unfinished()).toEqual([]);
    await open().record({ ...event, event_id: 'Ev2' });
    clock.advance(2 * 60 * 60 * 1000);
    expect(await open().unfinished()).toEqual([]);
  });

  it('forgets the text of a delivery once it is dealt with', async () => {
    const { open } = setup();
    const inbox = open();
    await inbox.record(event);
    await inbox.done('event:Ev1');
    expect(await inbox.unfinished()).toEqual([]);
  });

  it.each([
    ['an event', event, 'event:Ev1'],
    ['a click', { type: 'block_actions', trigger_id: 't1' }, 'block_actions:t1'],
    ['a command', { command: '/psi', trigger_id: 't2' }, 'command:t2'],
  ])('knows %s again by its key', (_name, body, key) => {
    expect(eventKeyOf(body)).toBe(key);
  });
});
