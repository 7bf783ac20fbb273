import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tool from '../../../src/tools/recovery/restrict-service.ts';
import { acme, approve, openWorkspace, people, place, type Workspace } from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';
import { openRecovery, type RecoveryRoom } from './desk.ts';

let w: Workspace;
let room: RecoveryRoom;
beforeEach(() => {
  w = openWorkspace();
  room = openRecovery(w);
});
afterEach(() => w.close());

const plan = (input: unknown) => tool.plan(tool.input.parse(input), w.context(people.fay));

describe('limiting the API of a customer', () => {
  it('step by step is rehearsed, and approving it changes nothing outside', async () => {
    const rehearsal = await plan({ customer: 'Acme' });
    expect(rehearsal.title).toBe('Restrict Acme Robotics step by step while $120.00 is open');
    expect(rehearsal.changes.slice(1).map(({ after }) => after.split(':')[0])).toEqual([
      'warned in the product',
      'throttled',
      'read-only',
      'suspended',
    ]);
    const input = { customer: 'Acme' };
    const { id } = await w.door.propose({ tool: tool.name, input, requester: people.fay, place });
    await approve(w, id, people.flo);
    await w.settled();
    expect((await w.door.get(id))?.state).toBe('applied');
    expect(room.levels.size).toBe(0);
    const kinds = (await room.desk().eventsOf(acme.id)).map(({ kind }) => kind);
    expect(kinds).toEqual(['rehearsal_approved']);
  });

  it('to one level says what happens, happens once, and is written down', async () => {
    const input = { customer: 'Acme', level: 'read_only' };
    expect(await plan(input)).toMatchObject({
      title: 'Set Acme Robotics to read-only',
      changes: [
        { before: 'in full service', after: 'read-only' },
        { after: 'Data can be read; nothing new can be written.' },
        { after: '$120.00' },
        { after: 'full service is given back at once, and blocked time is credited' },
      ],
      reversible: { possible: true },
    });
    const { id } = await w.door.propose({ tool: tool.name, input, requester: people.fay, place });
    room.dropAnswers = 1;
    await approve(w, id, people.flo);
    await w.door.sweep();
    await w.settled();
    expect(room.levels.get(acme.id)?.level).toBe('read_only');
    expect(await room.desk().restricted()).toEqual([{ customerId: acme.id, level: 'read_only' }]);
  });

  it.each([
    ['somebody who owes nothing', { customer: 'Globex', level: 'warned' }, /owes nothing/],
    ['a level they are at', { customer: 'Acme', level: 'warned' }, /warned in the product already/],
  ])('%s is refused', async (_name, input, words) => {
    room.levels.set(acme.id, { level: 'warned', key: null });
    await expect(plan(input)).rejects.toThrow(words);
  });

  it('stops at a word of a person', async () => {
    await room.desk().note(acme.id, { kind: 'paused', step: null, untilAt: null, by: 'fay' });
    await expect(plan({ customer: 'Acme' })).rejects.toThrow(/somebody paused it/);
  });
});

describe('what people say', () => {
  it.each([
    ["throttle Acme's API", { customer: acme.id, level: 'throttled' }],
    ['suspend the API access of Acme', { customer: acme.id, level: 'suspended' }],
    ['make Acme read-only', { customer: acme.id, level: 'read_only' }],
    ["restrict Acme's service", { customer: acme.id }],
  ])('%s is read beyond doubt', (text, input) => {
    expect(tool.recognize(saying(text))).toMatchObject([{ input, confidence: 0.9 }]);
  });

  it.each(['block the calendar', 'should we suspend Acme?', 'limit the list to 5'])(
    '%s is not an order',
    (text) => {
      expect(tool.recognize(saying(text)).filter(({ confidence }) => confidence > 0.6)).toEqual([]);
    },
  );
});
