import { z } from 'zod';
import type { Sandbox } from '../core/types.ts';
import { Kept } from './kept.ts';
import type { Teams } from './teams.ts';
import {
  BOT,
  LABS_PEOPLE,
  PEOPLE,
  type Person,
  ROLES,
  TEAM,
  USER_GROUPS,
  type UserGroup,
} from './workspace.ts';

const personSchema = z.object({
  id: z.string(),
  dmId: z.string(),
  handle: z.string(),
  name: z.string(),
  email: z.string(),
  title: z.string(),
  role: z.enum(ROLES),
  tz: z.string(),
  isGuest: z.boolean(),
  teamId: z.string(),
  workspaceId: z.string(),
  updatedAt: z.number(),
});

/** Who is in the workspace: the people it began with, as they are by now, and those who joined since. */
export class People {
  readonly #changes: Kept<Person>;
  readonly #table = new Map<string, Person>();

  readonly #teams: Teams;

  constructor(sandbox: Sandbox, teams: Teams) {
    this.#teams = teams;
    this.#changes = new Kept(sandbox, 'slack_people', personSchema);
    this.#build();
  }

  /** Those it began with first, then the others as they joined. */
  all(): Person[] {
    return [...this.#table.values()];
  }

  find(id: string): Person | null {
    return this.#table.get(id) ?? null;
  }

  /** The user groups with the members that roles give them. */
  groups(): UserGroup[] {
    return USER_GROUPS.map((group) => ({
      ...group,
      users: this.all()
        .filter((person) => person.role === group.role && person.workspaceId === group.teamId)
        .map((person) => person.id),
    }));
  }

  /** People who were not there when the workspace began. */
  newcomers(): Person[] {
    return this.all().filter((person) => ![...PEOPLE, ...LABS_PEOPLE].some((each) => each.id === person.id));
  }

  /** Adds a member or replaces what is known of one. */
  put(person: Person): void {
    this.#changes.set(person.id, person);
    this.#table.set(person.id, person);
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

  /** Also after a workspace came to be. */
  rebuild(): void {
    this.#build();
  }

  #build(): void {
    this.#table.clear();
    const second = this.#teams.isSecondThere ? LABS_PEOPLE : [];
    for (const person of [...PEOPLE, ...second, ...this.#changes.all()]) this.#table.set(person.id, person);
  }
}

/** Ids that stand for something in the workspace already. */
const RESERVED = new Set<string>([BOT.userId, 'USLACKBOT']);

/** A member who joins now. The DM's id follows from the member's. */
export function newcomer(
  given: Pick<Person, 'id' | 'name' | 'role' | 'tz' | 'email'>,
  joinedAt: number,
): Person {
  return {
    ...given,
    dmId: `D${given.id.slice(1)}`,
    handle: given.email.slice(0, given.email.indexOf('@')),
    title: TITLES[given.role],
    isGuest: given.role === 'guest',
    teamId: TEAM.id,
    workspaceId: TEAM.id,
    updatedAt: joinedAt,
  };
}

const TITLES: Record<Person['role'], string> = {
  founder: 'Co-founder',
  finance: 'Finance',
  success: 'Customer Success',
  analyst: 'Data Analyst',
  viewer: 'Engineer',
  guest: 'Guest',
};

export function isReserved(id: string): boolean {
  return RESERVED.has(id);
}
