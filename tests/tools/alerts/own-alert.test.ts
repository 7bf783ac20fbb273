import { describe, expect, it } from 'vitest';
import { ACME, GLOBEX } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';
import { failed, incident, openDesk } from './desk.ts';

const tool = toolNamed('own_alert');

describe('taking an alert on', () => {
  it.each<[string, Record<string, unknown>]>([
    ["I'll take it", {}],
    ["I've got it", {}],
    ['i will take the alert', {}],
    ["I'll take the Globex alert", { about: GLOBEX.id }],
    ['release the Globex alert', { about: GLOBEX.id, give_back: true }],
  ])('reads "%s"', async (message, input) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it.each(["give back Acme's last payment", 'what have i got', 'take the largest invoice'])(
    'does not read "%s"',
    async (message) => expect(await bestReading(tool, message)).toBeNull(),
  );

  it('is told to a refund as little as a refund is told to it', async () => {
    const refund = toolNamed('refund_payment');
    expect(await bestReading(refund, 'give back the Globex alert')).toBeNull();
  });

  it('says so, says how to undo it, and is undone so', async () => {
    const { say, record } = openDesk();
    await record(failed(ACME.id, ACME.name));
    expect(await say(tool, {})).toBe(
      `It is yours: ${ACME.name}'s payment of $120.00 failed: the card has expired. Say "release the ${ACME.name} alert" to undo.`,
    );
    expect(await say(tool, { about: ACME.name, give_back: true })).toContain('Nobody has it any more');
  });

  it('is refused to a second person, and to somebody who may not see the alert', async () => {
    const { say, record } = openDesk();
    await record(failed(ACME.id, ACME.name));
    await say(tool, {}, 'founder', 'U_one');
    await expect(say(tool, {}, 'finance', 'U_two')).rejects.toThrow('has it already');
    await expect(say(tool, { give_back: true }, 'finance', 'U_two')).rejects.toThrow('has it, not you');
    await expect(say(tool, { about: ACME.name }, 'viewer')).rejects.toThrow('There is no open alert about');
  });

  it('asks which when several could be meant, with their names to choose from', async () => {
    const { say, record } = openDesk();
    await record(failed(ACME.id, ACME.name), failed(GLOBEX.id, GLOBEX.name), incident);
    await expect(say(tool, {})).rejects.toMatchObject({
      code: 'ambiguous',
      choices: expect.arrayContaining([{ label: GLOBEX.name, say: `I'll take the ${GLOBEX.name} alert` }]),
    });
  });

  it('means the alert of the card in whose thread it is said', async () => {
    const { say, record, cards, book } = openDesk();
    await record(failed(ACME.id, ACME.name), failed(GLOBEX.id, GLOBEX.name));
    const globex = book
      .list({ kinds: ['payment_failed'], nowAt: 0, limit: 9 })
      .rows.find(({ subject }) => subject.id === GLOBEX.id);
    await cards.open({
      ...{ kind: 'payment_failed', target: 'channel:finance', teamId: 'T1', channelId: 'C1' },
      alertIds: [globex?.id ?? ''],
      ...{ nowAt: 1, joinedAt: 1 },
    });
    cards.posted(cards.unsettled()[0]?.id ?? '', '1.1', 'shown');
    expect(await say(tool, {})).toContain(GLOBEX.name);
  });
});
