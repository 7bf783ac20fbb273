/** The fixed workspace: who and what there is in Slack before anybody writes. */
export const TEAM = { id: 'T0PSIZERO', name: 'PsiZero', domain: 'psizero' } as const;
export const BOT = {
  userId: 'U0PSIBOT',
  botId: 'B0PSIBOT',
  appId: 'A0PSIAPP',
  name: 'Psi',
  handle: 'psi',
} as const;
const GUEST_TEAM_ID = 'T0BRIGHTP';

export const ROLES = ['founder', 'finance', 'success', 'analyst', 'viewer', 'guest'] as const;
export type Role = (typeof ROLES)[number];

export interface Person {
  id: string;
  /** The DM of this person with the bot. */
  dmId: string;
  handle: string;
  name: string;
  email: string;
  title: string;
  /** Known to the control API alone: the bot learns it from user groups. */
  role: Role;
  tz: string;
  isGuest: boolean;
  /** The team they belong to: of a guest by Slack Connect, their own company's. */
  teamId: string;
  /** When their record last changed, epoch ms; 0 for as it was in the beginning. */
  updatedAt: number;
}

function person(
  key: string,
  name: string,
  role: Role,
  title: string,
  tz: string,
  email = `${name.split(' ')[0]?.toLowerCase() ?? key.toLowerCase()}@psizero.example`,
): Person {
  const isGuest = role === 'guest';
  const handle = email.slice(0, email.indexOf('@'));
  const teamId = isGuest ? GUEST_TEAM_ID : TEAM.id;
  const ids = { id: `U0${key}`, dmId: `D0${key}` };
  return { ...ids, handle, name, email, title, role, tz, isGuest, teamId, updatedAt: 0 };
}

export const PEOPLE: readonly Person[] = [
  person('MAYAOKA01', 'Maya Okafor', 'founder', 'Co-founder and CEO', 'America/Los_Angeles'),
  person('JONASWE02', 'Jonas Weber', 'founder', 'Co-founder and CTO', 'Europe/Berlin'),
  person('PRIYARA03', 'Priya Raman', 'finance', 'Head of Finance', 'America/New_York'),
  person('TOMASHE04', 'Tomas Herrera', 'finance', 'Revenue Accountant', 'America/Los_Angeles'),
  person('LENAFIS05', 'Lena Fischer', 'success', 'Customer Success Lead', 'Europe/Berlin'),
  person('AIKOTAN06', 'Aiko Tanaka', 'analyst', 'Data Analyst', 'America/Los_Angeles'),
  person('SAMWHIT07', 'Sam Whitfield', 'viewer', 'Platform Engineer', 'America/New_York'),
  person(
    'DANAKOW08',
    'Dana Kowalski',
    'guest',
    'Engineering Manager',
    'America/New_York',
    'dana@brightpath.example',
  ),
];

export interface ChannelSeed {
  id: string;
  name: string;
  type: 'channel' | 'group';
  topic: string;
  members: readonly string[];
  isExtShared: boolean;
}

function having(...roles: Role[]): string[] {
  return PEOPLE.filter((each) => roles.includes(each.role)).map((each) => each.id);
}

const INSIDERS = PEOPLE.filter((each) => !each.isGuest).map((each) => each.id);

export const CHANNELS: readonly ChannelSeed[] = [
  {
    id: 'C0GENERAL1',
    name: 'general',
    type: 'channel',
    topic: 'Company-wide news',
    members: [...INSIDERS, BOT.userId],
    isExtShared: false,
  },
  {
    id: 'C0FINANCE2',
    name: 'finance',
    type: 'channel',
    topic: 'Billing, cash and collections',
    members: [...having('founder', 'finance'), BOT.userId],
    isExtShared: false,
  },
  {
    id: 'C0CUSTOMR3',
    name: 'customers',
    type: 'channel',
    topic: 'How our customers are doing',
    members: [...having('founder', 'finance', 'success', 'analyst'), BOT.userId],
    isExtShared: false,
  },
  {
    id: 'C0RANDOM04',
    name: 'random',
    type: 'channel',
    topic: 'Everything else',
    members: INSIDERS,
    isExtShared: false,
  },
  {
    id: 'C0LEADERS5',
    name: 'leadership',
    type: 'group',
    topic: 'Private: founders and finance',
    members: [...having('founder', 'finance'), BOT.userId],
    isExtShared: false,
  },
  {
    id: 'C0BRIGHTP6',
    name: 'ext-brightpath',
    type: 'channel',
    topic: 'Shared with Brightpath',
    members: [...having('founder', 'success', 'guest'), BOT.userId],
    isExtShared: true,
  },
];

export interface UserGroup {
  id: string;
  handle: string;
  name: string;
  role: Role;
  users: readonly string[];
}

/** The only way roles reach the bot. The viewer is in none of them. */
export const USER_GROUPS: readonly Omit<UserGroup, 'users'>[] = [
  { id: 'S0FOUNDER1', handle: 'founders', name: 'Founders', role: 'founder' },
  { id: 'S0FINANCE2', handle: 'finance', name: 'Finance', role: 'finance' },
  { id: 'S0SUCCESS3', handle: 'success', name: 'Customer Success', role: 'success' },
  { id: 'S0ANALYST4', handle: 'analysts', name: 'Analysts', role: 'analyst' },
];

/** The channels everybody of the company is in from their first day. */
export const ALL_HANDS: readonly string[] = ['C0GENERAL1', 'C0RANDOM04'];

/** What a conversation is; membership is the store's. */
export function conversationType(channelId: string): 'im' | 'channel' | 'group' {
  const seed = CHANNELS.find((each) => each.id === channelId);
  return seed?.type ?? (channelId.startsWith('D') ? 'im' : 'channel');
}

/** The channel's name without `#`, or null for a DM or an unknown id. */
export function channelName(channelId: string): string | null {
  return CHANNELS.find((each) => each.id === channelId)?.name ?? null;
}
