import { zoneWords } from '../periods/describe-period.ts';
import type { BriefingChannel } from './settings.ts';

const CLOCK = /(?<![\d:./-])(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?(?![\d%/:-])/i;

/** The time of day in a sentence as HH:MM: "7:30", "9", "6.45 pm", "noon"; null when there is none or none that exists. */
export function timeIn(sentence: string): string | null {
  if (/\bnoon\b|\bmidday\b/i.test(sentence)) return '12:00';
  if (/\bmidnight\b/i.test(sentence)) return '00:00';
  const half = sentence.match(/\bhalf past (\d{1,2})\b/i)?.[1];
  if (half !== undefined) return clock(Number(half), 30, undefined);
  const match = CLOCK.exec(sentence);
  if (!match) return null;
  return clock(Number(match[1]), Number(match[2] ?? 0), match[3]);
}

function clock(hour: number, minute: number, half: string | undefined): string | null {
  const noonish = half?.toLowerCase().startsWith('p') ?? false;
  if (half !== undefined && (hour < 1 || hour > 12)) return null;
  const hours = half === undefined ? hour : (hour % 12) + (noonish ? 12 : 0);
  if (hours > 23 || minute > 59) return null;
  return `${String(hours).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** "by email only", "in Slack", "by mail and Slack"; null when no channel is named. */
export function channelsIn(sentence: string): BriefingChannel[] | null {
  const text = sentence.toLowerCase();
  const email = /\be-?mails?\b|\bmail\b/.test(text);
  const slack = /\bslack\b|\bdm\b/.test(text);
  const without = /\b(?:no|not by|without|stop the|except) (?:the )?(e-?mails?|mail|slack|dm)\b/.exec(
    text,
  )?.[1];
  if (without) return /mail/.test(without) ? ['slack'] : ['email'];
  if (/\bboth\b/.test(text) && !email && !slack) return ['slack', 'email'];
  if (!email && !slack) return null;
  return [...(slack ? (['slack'] as const) : []), ...(email ? (['email'] as const) : [])];
}

/** "07:30 Berlin time, by Slack and email"; "off". */
export function settingWords(settings: {
  on: boolean;
  time: string;
  tz: string;
  channels: readonly BriefingChannel[];
}): string {
  if (!settings.on) return 'off';
  const names = { slack: 'Slack', email: 'email' } as const;
  const zone = settings.tz.includes('/') ? `${zoneWords(settings.tz)} time` : settings.tz;
  const channels = settings.channels.map((channel) => names[channel]).join(' and ');
  return `${settings.time} ${zone}, by ${channels || 'no channel'}`;
}

/** What to say to have these settings back. */
export function undoWords(before: {
  on: boolean;
  time: string;
  tz: string;
  channels: readonly BriefingChannel[];
}): string {
  if (!before.on) return 'stop my briefing';
  return `move my briefing to ${before.time} ${before.tz}, by ${before.channels.join(' and ') || 'slack'}${before.channels.length === 1 ? ' only' : ''}`;
}
