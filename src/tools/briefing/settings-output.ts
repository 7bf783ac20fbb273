import { z } from 'zod';
import { BRIEFING_CHANNELS, type BriefingSettings } from '../../domain/people/settings.ts';
import { settingWords } from '../../domain/people/time-words.ts';
import { describeInstant } from '../../domain/periods/describe-period.ts';
import type { ToolContext } from '../define-tool.ts';

/** How the tools about one's own briefing describe it. */
export const briefingSettingsShape = z.strictObject({
  on: z.boolean(),
  time: z.string(),
  timezone: z.string(),
  channels: z.array(z.enum(BRIEFING_CHANNELS)),
  words: z.string(),
});

export function toOutput(settings: BriefingSettings): z.output<typeof briefingSettingsShape> {
  const { on, time, tz, channels } = settings;
  return { on, time, timezone: tz, channels: [...channels], words: settingWords(settings) };
}

/** "Next: Nov 25, 2026, 07:30 PST."; what is due already is on its way. */
export function nextWords(nextAt: number | null, tz: string, nowAt: number): string {
  if (nextAt === null) return 'None is planned.';
  if (nextAt <= nowAt) return 'The one of today is on its way.';
  return `Next: ${describeInstant(nextAt, tz)}.`;
}

export const MINE =
  /\b(?:briefings?|morning (?:report|summary|update)|daily (?:report|summary|update|digest))\b/;

/** The person the settings are of. */
export function self({ principal }: Pick<ToolContext, 'principal'>): { teamId: string; userId: string } {
  return { teamId: principal.teamId, userId: principal.userId };
}
