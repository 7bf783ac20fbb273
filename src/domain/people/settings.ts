/** What a person has chosen for themselves. Everything has a default, so that nobody has to choose. */
export interface PersonSettings {
  briefing: BriefingSettings;
  /** Who decides in their place while they are away: a Slack user id; null for nobody. */
  delegateId: string | null;
  /** Away until this instant; null when here. */
  awayUntilAt: number | null;
}

export interface BriefingSettings {
  on: boolean;
  /** Wall-clock time, `HH:MM`. */
  time: string;
  /** The zone `time` is read in, and in which the reader's days begin. */
  tz: string;
  channels: readonly BriefingChannel[];
}

export const BRIEFING_CHANNELS = ['slack', 'email'] as const;
export type BriefingChannel = (typeof BRIEFING_CHANNELS)[number];

export interface PeopleSettings {
  /** As chosen, over the defaults for a person with these roles. */
  get(person: { teamId: string; userId: string }): Promise<PersonSettings>;
  /**
   * @returns the settings as they were before and are now.
   * @throws UserError `not_allowed` for somebody who never has a briefing, `invalid_input` for a time or zone that does not exist.
   */
  change(
    person: { teamId: string; userId: string },
    change: { briefing?: Partial<BriefingSettings>; delegateId?: string | null; awayUntilAt?: number | null },
  ): Promise<{ before: PersonSettings; after: PersonSettings }>;
  /** The due instant of the briefing this person waits for; null when it is switched off. May be past: then it is on its way. */
  nextBriefingAt(person: { teamId: string; userId: string }): Promise<number | null>;
}
