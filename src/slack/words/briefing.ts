import type { BriefingSettings, PeopleSettings } from '../../domain/people/settings.ts';
import { channelsIn, settingWords, timeIn, undoWords } from '../../domain/people/time-words.ts';
import { zoneOf } from '../../domain/people/zones.ts';
import { describeInstant } from '../../domain/periods/describe-period.ts';
import type { Place, Principal } from '../../domain/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import { mrkdwn, section } from '../views/blocks.ts';
import { defineWord, type Word } from './define-word.ts';

const SYNTAX = '/psi briefing [HH:MM] [zone] [slack|email|both] [on|off] [now]';

/** When and how one's briefing comes; alone it tells. */
export function briefingWord(parts: {
  settings: PeopleSettings;
  clock: Clock;
  /** Makes one now, which does not use up the day's. */
  sendNow(reader: Principal, place: Place): Promise<void>;
}): Word {
  const { settings, clock } = parts;

  async function told(reader: Principal, lead: string): Promise<string> {
    const { briefing } = await settings.get(reader);
    if (!briefing.on) return `${lead}Your briefing is off. "/psi briefing on" turns it on.`;
    const nextAt = await settings.nextBriefingAt(reader);
    const next =
      nextAt === null
        ? ''
        : nextAt <= clock.now()
          ? ' The one of today is on its way.'
          : ` Next: ${describeInstant(nextAt, briefing.tz)}.`;
    return `${lead}Your briefing comes at ${settingWords(briefing)}.${next}`;
  }

  return defineWord({
    word: 'briefing',
    usage:
      'briefing [HH:MM] [zone] [slack|email|both] [on|off] [now] - when and how your morning briefing comes, or one now',
    run: async ({ reader, place, rest }) => {
      const answer = (text: string) => ({ text, blocks: [section(mrkdwn(text))] });
      if (/^now$/i.test(rest.trim())) {
        await parts.sendNow(reader, place);
        return answer('Your briefing is in our DM. The one of the day comes as ever.');
      }
      const change = readChange(rest);
      if (Object.keys(change).length === 0) return answer(await told(reader, ''));
      const { before } = await settings.change(reader, { briefing: change });
      const undo = ` To go back, say "${undoWords(before.briefing)}".`;
      return answer(`${await told(reader, '')}${undo}`);
    },
  });
}

/** Every word must mean something: a misspelt zone must not silently leave the old one. */
function readChange(rest: string): Partial<BriefingSettings> {
  const change: { -readonly [K in keyof BriefingSettings]?: BriefingSettings[K] } = {};
  const strange: string[] = [];
  for (const word of rest
    .split(/[\s,]+/)
    .filter((part) => part !== '' && !/^(?:at|by|to|in|time)$/i.test(part))) {
    const time = /^\d/.test(word) ? timeIn(word) : null;
    const channels = /^both$/i.test(word) ? (['slack', 'email'] as const) : channelsIn(word);
    const zone = zoneOf(word);
    if (/^(?:on|off)$/i.test(word)) change.on = word.toLowerCase() === 'on';
    else if (time) change.time = time;
    else if (channels) change.channels = [...new Set([...(change.channels ?? []), ...channels])];
    else if (zone) change.tz = zone;
    else strange.push(word);
  }
  if (strange.length > 0)
    throw new UserError(
      'invalid_input',
      `I do not understand "${strange.join(' ').slice(0, 60)}" there.`,
      `Say ${SYNTAX}, with a zone such as Europe/Berlin.`,
    );
  if (Object.keys(change).length > 0) change.on ??= true;
  return change;
}
