import { beforeEach, describe, expect, it } from 'vitest';
import { composeBriefing } from '../../src/domain/briefing/compose.ts';
import type { Role } from '../../src/domain/types.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { type BriefingLedger, createBriefingLedger } from '../../src/store/briefings.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { createPeopleSettings, type SettingsStore } from '../../src/store/settings.ts';
import { morning } from '../domain/briefing/morning.ts';

const LA = 'America/Los_Angeles';
const HOUR_MS = 3_600_000;
const ADA = { teamId: 'T1', userId: 'U1' };
const EIGHT = Date.parse('2026-11-24T16:00:00Z');

let store: Store;
let ledger: BriefingLedger;
let settings: SettingsStore;
let roles: Role[];
const clock = fixedClock(EIGHT);
beforeEach(() => {
  store = openStore(':memory:');
  ledger = createBriefingLedger(store);
  roles = ['finance'];
  clock.set(EIGHT);
  settings = createPeopleSettings({ store, clock, companyTz: LA, rolesOf: async () => roles });
});

const claim = (key: string, dueAt: number, over: { tz?: string; at?: number } = {}) =>
  ledger.claimSlot({
    ...ADA,
    key,
    dueAt,
    clock: { time: '08:00', tz: over.tz ?? LA },
    channels: ['slack', 'email'],
    at: over.at ?? dueAt,
  });

describe('a slot', () => {
  it('is taken once, and by the same key again after a crash', async () => {
    expect((await claim('a', EIGHT)).verdict).toBe('deliver');
    expect((await claim('a', EIGHT)).record?.key).toBe('a');
    expect(await claim('b', EIGHT)).toEqual({ verdict: 'served', record: null });
    expect((await claim('c', EIGHT + HOUR_MS)).verdict).toBe('served');
    expect((await claim('d', EIGHT + 24 * HOUR_MS)).verdict).toBe('deliver');
  });
  it('is taken by one of many who reach for it at once', async () => {
    const verdicts = await Promise.all(['a', 'b', 'c', 'd'].map((key) => claim(key, EIGHT)));
    expect(verdicts.filter(({ record }) => record !== null)).toHaveLength(1);
  });
  it('is not used up by a briefing made by hand', async () => {
    await ledger.openAsked({ ...ADA, key: 'asked', tz: LA, channels: ['slack'], at: EIGHT - HOUR_MS });
    expect((await claim('a', EIGHT)).verdict).toBe('deliver');
  });
  it('marks a late one', async () => {
    expect((await claim('a', EIGHT, { at: EIGHT + 5 * HOUR_MS })).record?.late).toBe(true);
  });
});

describe('a content', () => {
  it('is kept as it was first written, so that all channels tell the same', async () => {
    await claim('a', EIGHT);
    const first = composeBriefing(morning());
    await ledger.keepContent('a', first);
    const kept = await ledger.keepContent('a', { ...first, summary: [] });
    expect(kept.summary).toEqual(first.summary);
    expect((await ledger.latest(ADA))?.briefing).toEqual(first);
    expect(await ledger.latest(ADA, { key: 'a' })).toBeNull();
  });
  it('gets no other words once it is on its way', async () => {
    await claim('a', EIGHT);
    const content = composeBriefing(morning());
    await ledger.keepContent('a', content);
    await ledger.advance('a', 'slack', ['waiting'], 'sending');
    await ledger.reword('a', { ...content, summary: [] });
    expect((await ledger.get('a'))?.briefing?.summary).toEqual(content.summary);
  });
});

it('a delivery goes on only from where it stands', async () => {
  await claim('a', EIGHT);
  expect(await ledger.advance('a', 'email', ['waiting'], 'sending')).toBe(true);
  expect(await ledger.advance('a', 'email', ['waiting', 'failed'], 'sending')).toBe(false);
});

describe('settings', () => {
  it.each([
    ['founder', true],
    ['finance', true],
    ['success', true],
    ['analyst', true],
    ['viewer', false],
    ['guest', false],
  ] as const)('of a %s who never chose are at eight in the company zone, on: %s', async (role, on) => {
    roles = [role];
    expect((await settings.get(ADA)).briefing).toEqual({
      on,
      time: '08:00',
      tz: LA,
      channels: ['slack', 'email'],
    });
  });
  it('are refused to guests, whatever they wish, and stay off when a member becomes one', async () => {
    await settings.change(ADA, { briefing: { on: true } });
    roles = ['guest'];
    await expect(settings.change(ADA, { briefing: { on: true } })).rejects.toMatchObject({
      code: 'not_allowed',
    });
    expect((await settings.get(ADA)).briefing.on).toBe(false);
  });
  it.each([{ tz: 'Europe/Atlantis' }, { time: '25:00' }, { time: '7:30' }])(
    'refuse %j and change nothing',
    async (briefing) => {
      await expect(settings.change(ADA, { briefing })).rejects.toMatchObject({ code: 'invalid_input' });
      expect((await settings.get(ADA)).briefing.tz).toBe(LA);
    },
  );
  it('give back what was before, and leave the rest as it was', async () => {
    const { before, after } = await settings.change(ADA, { briefing: { time: '07:30' } });
    expect([before.briefing.time, after.briefing.time, after.briefing.tz]).toEqual(['08:00', '07:30', LA]);
  });
});

describe('what a reader is owed', () => {
  it('is the newest of the last day at the first start of a store, and nothing past for those who join later', async () => {
    await settings.meet([ADA]);
    expect(await settings.briefingSinceAt(ADA)).toBeLessThanOrEqual(EIGHT - 25 * HOUR_MS);
    clock.advance(HOUR_MS);
    const later = { teamId: 'T1', userId: 'U2' };
    await settings.meet([ADA, later]);
    expect(await settings.briefingSinceAt(later)).toBe(clock.now());
    expect(await settings.briefingSinceAt(ADA)).toBeLessThan(EIGHT);
  });
  it('is nothing for a time that has passed already when it was chosen', async () => {
    await settings.meet([ADA]);
    await claim('a', EIGHT);
    clock.set(EIGHT + 7 * HOUR_MS);
    await settings.change(ADA, { briefing: { time: '08:00', tz: 'Asia/Tokyo' } });
    expect(await settings.briefingSinceAt(ADA)).toBe(clock.now());
  });
  it("is today's, at once, when it is moved to before now while it was still to come", async () => {
    await settings.meet([ADA]);
    await claim('y', EIGHT - 24 * HOUR_MS);
    clock.set(EIGHT - HOUR_MS / 4);
    await settings.change(ADA, { briefing: { time: '07:30' } });
    expect(await settings.nextBriefingAt(ADA)).toBe(EIGHT - HOUR_MS / 2);
  });
});
