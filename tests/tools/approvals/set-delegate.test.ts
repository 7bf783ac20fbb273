import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersonSettings } from '../../../src/domain/people/settings.ts';
import tool from '../../../src/tools/approvals/set-delegate.ts';
import { openWorkspace, people, TEAM, type Workspace } from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';

let w: Workspace;
let settings: PersonSettings;
beforeEach(() => {
  w = openWorkspace();
  settings = {
    briefing: { on: true, time: '08:00', tz: 'America/New_York', channels: ['slack'] },
    delegateId: null,
    awayUntilAt: null,
  };
  const insert = w.store.sqlite.prepare(
    `INSERT INTO slack_users (team_id, user_id, name, email, tz, is_guest, is_stranger, is_bot, groups, fetched_at)
     VALUES (?, ?, ?, NULL, 'UTC', ?, 0, ?, '[]', 0)`,
  );
  insert.run(TEAM, 'flo', 'Priya Raman', 0, 0);
  insert.run(TEAM, 'ben', 'Jonas Weber', 0, 0);
  insert.run(TEAM, 'ada', 'Jonas Stein', 0, 0);
  insert.run(TEAM, 'fay', 'Maya Okafor', 0, 0);
  insert.run(TEAM, 'gus', 'Gus Guest', 1, 0);
  insert.run(TEAM, 'psi', 'Psi', 0, 1);
});
afterEach(() => {
  w.close();
});

async function say(input: object): Promise<string> {
  const ctx = {
    ...w.context(people.fay),
    settings: {
      get: async () => settings,
      change: async (_who: object, change: Partial<Omit<PersonSettings, 'briefing'>>) => {
        const before = settings;
        settings = { ...settings, ...change };
        return { before, after: settings };
      },
    },
  };
  return tool.narrate(tool.output.parse(await tool.run(tool.input.parse(input), ctx)));
}

describe('set_delegate', () => {
  it('notes until when, and who stands in, and is taken back with a word', async () => {
    expect(await say({ until: 'Friday', delegate: 'Priya' })).toBe(
      'You are away until Nov 27, 2026, 00:00 EST. Priya Raman stands in for you, for what their own role may decide. Say "I\'m back" to end it.',
    );
    expect(settings).toMatchObject({ delegateId: 'flo', awayUntilAt: Date.parse('2026-11-27T05:00:00Z') });
    expect(await say({ back: true })).toContain('Welcome back.');
    expect(settings).toMatchObject({ delegateId: null, awayUntilAt: null });
    expect(await say({ back: true })).toBe('You are here. Approvals come to you.');
  });

  it.each([
    ['a name nobody has', { until: 'Friday', delegate: 'Zoe' }, /Nobody here is called Zoe/],
    ['a guest', { until: 'Friday', delegate: 'Gus' }, /Nobody here is called Gus/],
    ['a bot', { until: 'Friday', delegate: 'Psi' }, /Nobody here/],
    ['a name two have', { until: 'Friday', delegate: 'Jonas' }, /Several people/],
    ['oneself', { until: 'Friday', delegate: 'Maya' }, /stand in for yourself/],
    ['a day that is past', { until: '2026-01-01' }, /as a day to come/],
    ['no day at all', { delegate: 'Priya' }, /Until when/],
  ])('%s is refused and changes nothing', async (_name, input, why) => {
    const before = settings;
    await expect(say(input)).rejects.toThrow(why);
    expect(settings).toBe(before);
  });

  it.each<[string, object | null]>([
    ["I'm away until Friday, Priya decides for me", { until: 'Friday', delegate: 'Priya' }],
    [
      'I am on vacation until Dec 2, Jonas Weber stands in for me',
      { until: 'Dec 2', delegate: 'Jonas Weber' },
    ],
    ["I'll be out until tomorrow", { until: 'tomorrow' }],
    ['I’m back', { back: true }],
    ['show revenue until Friday', null],
    ['is Priya away', null],
    ["what's waiting for me", null],
  ])('%s', (text, input) => {
    expect(tool.recognize(saying(text))[0]?.input ?? null).toEqual(input);
  });
});
