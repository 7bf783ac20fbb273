import { describe, expect, it } from 'vitest';
import { channelsIn, settingWords, timeIn, undoWords } from '../../../src/domain/people/time-words.ts';
import { zoneIn, zoneOf } from '../../../src/domain/people/zones.ts';

describe('a time of day in a sentence', () => {
  it.each([
    ['move my briefing to 7:30', '07:30'],
    ['send my briefing at 9 Berlin time', '09:00'],
    ['at 6.45 pm please', '18:45'],
    ['briefing at 12am', '00:00'],
    ['briefing at 12 pm', '12:00'],
    ['at noon', '12:00'],
    ['half past 7', '07:30'],
    ['at 25:00', null],
    ['at 13pm', null],
    ['stop it', null],
  ])('%s is %s', (sentence, time) => expect(timeIn(sentence)).toBe(time));
});

describe('a zone in a sentence', () => {
  it.each([
    ['send my briefing at 9 Berlin time', 'Europe/Berlin'],
    ['at 8 in New York', 'America/New_York'],
    ['move it to 07:15 Asia/Tokyo', 'Asia/Tokyo'],
    ['at 8 CET', 'Europe/Berlin'],
    ['at 8 pacific time', 'America/Los_Angeles'],
    ['move my briefing to 7:30', null],
    ['tell me about Phoenix Labs', null],
  ])('%s: %s', (sentence, zone) => expect(zoneIn(sentence)).toBe(zone));
  it.each([
    ['berlin', 'Europe/Berlin'],
    ['New_York', 'America/New_York'],
    ['Europe/Atlantis', null],
    ['Nowhere', null],
  ])('by its name: %s is %s', (name, zone) => expect(zoneOf(name)).toBe(zone));
});

describe('channels in a sentence', () => {
  it.each([
    ['my briefing by email only', ['email']],
    ['in Slack please', ['slack']],
    ['by mail and Slack', ['slack', 'email']],
    ['without email', ['slack']],
    ['both', ['slack', 'email']],
    ['at 7:30', null],
  ])('%s', (sentence, channels) => expect(channelsIn(sentence)).toEqual(channels));
});

it('what undoes a change says all that was', () => {
  const before = { on: true, time: '07:30', tz: 'Europe/Berlin', channels: ['email'] as const };
  const words = undoWords(before);
  expect(timeIn(words)).toBe('07:30');
  expect(zoneIn(words)).toBe('Europe/Berlin');
  expect(channelsIn(words)).toEqual(['email']);
  expect(undoWords({ ...before, on: false })).toBe('stop my briefing');
  expect(settingWords(before)).toBe('07:30 Berlin time, by email');
});
