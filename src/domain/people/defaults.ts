import type { Role } from '../types.ts';
import { BRIEFING_CHANNELS, type PersonSettings } from './settings.ts';

const DEFAULT_TIME = '08:00';
const BRIEFED: readonly Role[] = ['founder', 'finance', 'success', 'analyst'];

/** Guests and strangers never have a briefing, whatever they choose. */
export function mayBeBriefed(roles: readonly Role[]): boolean {
  return roles.length > 0 && !roles.includes('guest');
}

/** What somebody has who never chose: a briefing at eight in the company's zone, for those who run the business. */
export function defaultSettings(roles: readonly Role[], companyTz: string): PersonSettings {
  const on = mayBeBriefed(roles) && roles.some((role) => BRIEFED.includes(role));
  return {
    briefing: { on, time: DEFAULT_TIME, tz: companyTz, channels: BRIEFING_CHANNELS },
    delegateId: null,
    awayUntilAt: null,
  };
}
