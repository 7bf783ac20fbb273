import { z } from 'zod';
import type { Sandbox } from '../core/types.ts';
import { Kept } from './kept.ts';
import type { People } from './people.ts';
import { BOT, CHANNELS, LABS, LABS_CHANNELS, TEAM } from './workspace.ts';

export interface Channel {
  id: string;
  teamId: string;
  name: string;
  type: 'im' | 'channel' | 'group';
  topic: string;
  members: ReadonlySet<string>;
  isExtShared: boolean;
}

const membershipSchema = z.object({ channel: z.string(), user: z.string(), isMember: z.boolean() });
type Membership = z.infer<typeof membershipSchema>;

/** The conversations of the workspace and who is in them: as it began, and as people have changed it. */
export class Channels {
  readonly #changes: Kept<Membership>;
  readonly #people: People;
  readonly #table = new Map<string, Channel>();

  constructor(sandbox: Sandbox, people: People) {
    this.#people = people;
    this.#changes = new Kept(sandbox, 'slack_memberships', membershipSchema);
    this.#build();
  }

  find(id: string): Channel | null {
    return this.#table.get(id) ?? null;
  }

  all(): Channel[] {
    return [...this.#table.values()];
  }

  isMember(channelId: string, user: string): boolean {
    return this.find(channelId)?.members.has(user) ?? false;
  }

  setMember(channel: string, user: string, isMember: boolean): void {
    this.#changes.set(`${channel}:${user}`, { channel, user, isMember });
    this.#build();
  }

  /** Somebody joined, or a workspace came to be: DMs with the bot exist from now on. */
  rebuild(): void {
    this.#build();
  }

  /** Reads again what is kept. */
  reload(): void {
    this.#changes.reload();
    this.#build();
  }

  clear(): void {
    this.#changes.clear();
    this.#build();
  }

  #build(): void {
    this.#table.clear();
    for (const channel of seededChannels(this.#people)) {
      const members = new Set(channel.members);
      for (const change of this.#changes.all()) {
        if (change.channel !== channel.id) continue;
        if (change.isMember) members.add(change.user);
        else members.delete(change.user);
      }
      this.#table.set(channel.id, { ...channel, members });
    }
  }
}

function seededChannels(people: People): Channel[] {
  const dms = people.all().map(
    (person): Channel => ({
      id: person.dmId,
      teamId: person.workspaceId,
      name: '',
      type: 'im',
      topic: '',
      members: new Set([person.id, BOT.userId]),
      isExtShared: false,
    }),
  );
  const hasLabs = people.all().some((person) => person.workspaceId === LABS.id);
  const seeds = [...CHANNELS, ...(hasLabs ? LABS_CHANNELS : [])];
  const channels = seeds.map(
    (seed): Channel => ({ ...seed, teamId: seed.teamId ?? TEAM.id, members: new Set(seed.members) }),
  );
  return [...channels, ...dms];
}
