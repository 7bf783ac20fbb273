import { afterEach, describe, expect, test } from 'vitest';
import { objectsAt, textAt } from '../../sandbox/slack/json.ts';
import { CLIENT } from '../../sandbox/slack/teams.ts';
import { ConfigError } from '../../src/lib/errors.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { seal, unseal } from '../../src/lib/seal.ts';
import { openWorkspaces, type WorkspaceSettings } from '../../src/slack/workspaces.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startSlack } from '../sandbox/slack/world.ts';

const HOME = 'T0PSIZERO';
const LABS = 'T0PSILABS';
const KEY = Buffer.alloc(32, 'k');
const HOURS = 60 * 60 * 1000;
const open: { close: () => Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** A simulated Slack with both workspaces, and a bot of the first one that may be installed in those of `teams`. */
async function start(over: Partial<WorkspaceSettings> = {}) {
  const world = await startSlack();
  const store = openStore(':memory:');
  open.push(world, store);
  await world.post('/sandbox/teams', {});
  const clock = { now: () => world.world.now() };
  const settings: WorkspaceSettings = {
    apiUrl: `${world.origin}/api/`,
    botToken: 'xoxb-test',
    teams: [HOME, LABS],
    oauth: {
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      secretKey: KEY,
      publicUrl: 'http://psi.example',
    },
    ...over,
  };
  const openBot = async (key = KEY) => {
    const oauth = settings.oauth && { ...settings.oauth, secretKey: key };
    const bot = await openWorkspaces({ ...settings, oauth }, { db: store.db, clock, logger: silentLogger });
    const flow = bot.installFlow?.(async () => undefined);
    if (!flow) throw new Error('nobody can install');
    return { installations: bot.installations, flow };
  };
  const advance = (ms: number) => world.world.advanceTo(world.world.now() + ms);
  return { world, store, settings, advance, openBot, ...(await openBot()) };
}
type Started = Awaited<ReturnType<typeof start>>;

const get = (query: Record<string, unknown>, cookie = '') => ({
  method: 'GET',
  path: '/',
  query,
  headers: { cookie },
  body: Buffer.alloc(0),
});

/** What the browser has when Slack sends it back. */
async function throughSlack({ flow }: Pick<Started, 'flow'>) {
  const begun = flow.begin(get({}));
  const slack = await fetch(begun.headers?.location ?? '', { redirect: 'manual' });
  const back = new URL(slack.headers.get('location') ?? '');
  const cookie = begun.headers?.['set-cookie']?.split(';')[0] ?? '';
  return { query: Object.fromEntries(back.searchParams), cookie, scope: begun.headers?.location ?? '' };
}

async function install(bot: Pick<Started, 'flow'>) {
  const { query, cookie } = await throughSlack(bot);
  return bot.flow.complete(get(query, cookie));
}

const teamOf = async ({ installations }: Pick<Started, 'installations'>, teamId: string) =>
  (await installations.clientFor(teamId).auth.test()).team_id;

describe('installing Psi into another workspace', () => {
  test('asks for the scopes of the manifest, and from then on serves that workspace with its own token', async () => {
    const bot = await start();
    expect((await throughSlack(bot)).scope).toContain('usergroups%3Aread');
    const answer = await install(bot);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('PsiZero Labs');
    expect(await teamOf(bot, LABS)).toBe(LABS);
    expect(await teamOf(bot, HOME)).toBe(HOME);
    const people = await bot.installations.clientFor(LABS).users.list({});
    expect((people.members ?? []).map((member) => member.id)).toEqual([
      'U0RITALAB21',
      'U0OLELABS22',
      'U0PSIBOT',
    ]);
    await expect(
      bot.installations.clientFor(LABS).conversations.info({ channel: 'C0GENERAL1' }),
    ).rejects.toThrow('channel_not_found');
  });

  test('keeps no token that the store alone could give away', async () => {
    const bot = await start();
    await install(bot);
    const row = await bot.store.db.selectFrom('installations').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain(await bot.installations.token(LABS));
    expect(row).toMatchObject({ team_id: LABS, installed_by: 'U0RITALAB21', bot_user_id: 'U0PSIBOT' });
    expect(unseal(row.bot_token, KEY, `${LABS} bot_token`)).toBe(await bot.installations.token(LABS));
  });

  test('survives a restart, and opens with its own key alone', async () => {
    const bot = await start();
    await install(bot);
    expect(await teamOf(await bot.openBot(), LABS)).toBe(LABS);
    const stranger = await bot.openBot(Buffer.alloc(32, 'x'));
    expect(stranger.installations.find(LABS)).toBeNull();
    await expect(teamOf(stranger, LABS)).rejects.toThrow('not installed');
  });

  test('a workspace that may not read the numbers is refused politely, and its token is given back', async () => {
    const bot = await start({ teams: [] });
    const answer = await install(bot);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatch(/not open to PsiZero Labs/);
    expect(bot.installations.find(LABS)).toBeNull();
    expect(await bot.store.db.selectFrom('installations').selectAll().execute()).toEqual([]);
    await bot.world
      .call('POST', '/sandbox/uninstall', { team: LABS })
      .then((gone) => expect(gone.status).toBe(404));
  });

  const broken: [string, (given: { query: Record<string, string>; cookie: string }) => [object, string]][] = [
    ['from another browser', ({ query }) => [query, '']],
    ['with a forged state', ({ query, cookie }) => [{ ...query, state: `${query.state}x` }, cookie]],
    [
      'with a longer life',
      ({ query, cookie }) => {
        const [nonce, , signature] = (query.state ?? '').split('.');
        return [{ ...query, state: `${nonce}.9999999999999.${signature}` }, cookie];
      },
    ],
    ['without a state', ({ query, cookie }) => [{ code: query.code }, cookie]],
  ];
  test.each(broken)('a return %s changes nothing', async (_name, change) => {
    const bot = await start();
    const [query, cookie] = change(await throughSlack(bot));
    expect((await bot.flow.complete(get({ ...query }, cookie))).status).toBe(400);
    expect(bot.installations.find(LABS)).toBeNull();
  });

  test('a return is good once and for ten minutes', async () => {
    const bot = await start();
    const { query, cookie } = await throughSlack(bot);
    expect((await bot.flow.complete(get(query, cookie))).status).toBe(200);
    expect((await bot.flow.complete(get(query, cookie))).status).toBe(400);
    const late = await throughSlack(bot);
    bot.advance(11 * 60_000);
    expect((await bot.flow.complete(get(late.query, late.cookie))).status).toBe(400);
  });

  test('a person who says no at Slack is told that nothing has changed', async () => {
    const bot = await start();
    const { query, cookie } = await throughSlack(bot);
    const answer = await bot.flow.complete(get({ state: query.state, error: 'access_denied' }, cookie));
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('nothing has changed')]);
  });
});

describe('a token that rotates', () => {
  test('is refreshed ahead of its end, once, however many calls wait for it', async () => {
    const bot = await start();
    await install(bot);
    const first = await bot.installations.token(LABS);
    bot.advance(9 * HOURS);
    expect(await bot.installations.token(LABS)).toBe(first);
    bot.advance(2 * HOURS);
    const tokens = await Promise.all(Array.from({ length: 5 }, () => bot.installations.token(LABS)));
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(first);
    expect(await teamOf(bot, LABS)).toBe(LABS);
    expect(await teamOf(await bot.openBot(), LABS)).toBe(LABS);
  });

  test('is refreshed also long after its end', async () => {
    const bot = await start();
    await install(bot);
    bot.advance(40 * HOURS);
    expect(await teamOf(bot, LABS)).toBe(LABS);
  });

  test('works on until its end when Slack does not answer the refresh', async () => {
    const bot = await start();
    await install(bot);
    bot.advance(11 * HOURS);
    bot.world.faults.add({ system: 'slack', kind: 'http_500', match: 'oauth.v2.access', ms: 0, count: 1 });
    expect(await teamOf(bot, LABS)).toBe(LABS);
    bot.advance(2 * 60_000);
    const before = await bot.installations.token(LABS);
    bot.advance(4 * HOURS);
    expect(await bot.installations.token(LABS)).toBe(before);
    expect(await teamOf(bot, LABS)).toBe(LABS);
  });

  test('whose refresh was lost in a crash works until its end, and an operator is told what to do', async () => {
    const bot = await start();
    await install(bot);
    const row = await bot.store.db.selectFrom('installations').selectAll().executeTakeFirstOrThrow();
    const used = unseal(row.refresh_token ?? '', KEY, `${LABS} refresh_token`);
    await bot.world.api('oauth.v2.access', {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      grant_type: 'refresh_token',
      refresh_token: used,
    });
    bot.advance(11 * HOURS);
    const next = await bot.openBot();
    expect(await teamOf(next, LABS)).toBe(LABS);
    expect(next.installations.problems().join()).toMatch(/install Psi there again/);
    await install(next);
    expect(next.installations.problems()).toEqual([]);
    bot.advance(2 * HOURS);
    expect(await teamOf(next, LABS)).toBe(LABS);
  });
});

describe('a workspace that removes Psi', () => {
  test('is forgotten at once and after a restart, and the others are served on', async () => {
    const bot = await start();
    await install(bot);
    await bot.installations.remove(LABS, bot.world.world.now());
    expect(bot.installations.find(LABS)).toBeNull();
    await expect(teamOf(bot, LABS)).rejects.toThrow('not installed');
    expect(await teamOf(bot, HOME)).toBe(HOME);
    expect((await bot.openBot()).installations.find(LABS)).toBeNull();
  });

  test('and has installed it anew is not forgotten by the late word of its removal', async () => {
    const bot = await start();
    const removedAt = bot.world.world.now();
    bot.advance(60_000);
    await install(bot);
    await bot.installations.remove(LABS, removedAt);
    expect(await teamOf(bot, LABS)).toBe(LABS);
  });
});

test('a token of the environment whose workspace PSI_TEAMS leaves out is refused at the start', async () => {
  const { settings, store } = await start();
  const clock = { now: () => 0 };
  await expect(
    openWorkspaces({ ...settings, teams: [LABS] }, { db: store.db, clock, logger: silentLogger }),
  ).rejects.toThrow(ConfigError);
});

test('a sealed secret opens with its key, for its purpose, unchanged, and not otherwise', () => {
  const sealed = seal('xoxb-secret', KEY, 'T1 bot_token');
  expect(sealed).not.toContain('secret');
  expect(seal('xoxb-secret', KEY, 'T1 bot_token')).not.toBe(sealed);
  expect(unseal(sealed, KEY, 'T1 bot_token')).toBe('xoxb-secret');
  expect(unseal(sealed, Buffer.alloc(32), 'T1 bot_token')).toBeNull();
  expect(unseal(sealed, KEY, 'T2 bot_token')).toBeNull();
  expect(unseal(`${sealed.slice(0, -2)}AA`, KEY, 'T1 bot_token')).toBeNull();
  for (const junk of ['', 'v1', 'v1.a.b.c', 'v2.a.b.c']) expect(unseal(junk, KEY, 'p')).toBeNull();
});

test('by default there is one workspace, and no installation anywhere else', async () => {
  const world = await startSlack();
  open.push(world);
  expect(world.slack.state().users.every((user) => !user.id.includes('LAB'))).toBe(true);
  const users = await world.api('users.list', {});
  expect(objectsAt(users, 'members').map((member) => textAt(member, 'id'))).not.toContain('U0RITALAB21');
});
