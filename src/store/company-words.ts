import { type CompanyWords, type Member, NO_WORDS } from '../domain/language/company-words.ts';
import type { MetricFacts } from '../domain/metrics/facts.ts';
import { incidentAnchors, LOOKED_BACK_MS } from '../domain/periods/incident-anchors.ts';
import type { Company, Principal } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Store } from './open-store.ts';

type Values = Pick<CompanyWords, 'plans' | 'regions' | 'segments' | 'channels' | 'owners'>;

/** What the company's records call their plans, regions, channels and owners; read again when the customers change. */
export function createCompanyWords(parts: {
  store: Pick<Store, 'db'>;
  facts: Pick<MetricFacts, 'incidentsTouching'>;
  company: Company;
  clock: Clock;
}): (asker: Principal) => Promise<CompanyWords> {
  const { company, clock, facts } = parts;
  const { db } = parts.store;
  let cached: { stamp: string; values: Values } | null = null;

  async function values(): Promise<Values> {
    const state = await db
      .selectFrom('customers')
      .select(({ fn }) => [fn.countAll<number>().as('rows'), fn.max('updated_at').as('newest')])
      .executeTakeFirst();
    const stamp = `${state?.rows} ${state?.newest}`;
    if (cached?.stamp !== stamp) cached = { stamp, values: await readValues(db) };
    return cached.values;
  }

  return async (asker) => {
    const nowAt = clock.now();
    const period = { startAt: nowAt - LOOKED_BACK_MS, endAt: nowAt, tz: company.tz, label: '' };
    const [known, members, incidents] = await Promise.all([
      values(),
      membersOf(db, asker.teamId),
      facts.incidentsTouching(period),
    ]);
    return {
      ...known,
      members,
      asker: { name: asker.name, email: asker.email },
      anchors: incidentAnchors(incidents),
      fiscalYearStart: company.fiscalYearStart ?? NO_WORDS.fiscalYearStart,
    };
  };
}

async function readValues(db: Store['db']): Promise<Values> {
  const of = async (column: 'region' | 'segment' | 'channel' | 'owner_email') => {
    const rows = await db.selectFrom('customers').select(column).distinct().orderBy(column).execute();
    return rows.flatMap((row) => {
      const value = row[column];
      return value === null || value === '' ? [] : [value];
    });
  };
  const plans = await db
    .selectFrom('subscription_versions')
    .select('plan')
    .distinct()
    .orderBy('plan')
    .execute();
  return {
    plans: plans.map(({ plan }) => plan).filter((plan) => plan !== ''),
    regions: await of('region'),
    segments: await of('segment'),
    channels: await of('channel'),
    owners: await of('owner_email'),
  };
}

async function membersOf(db: Store['db'], teamId: string): Promise<Member[]> {
  return await db
    .selectFrom('slack_users')
    .select(['name', 'email'])
    .where('team_id', '=', teamId)
    .where('is_bot', '=', 0)
    .where('is_guest', '=', 0)
    .execute();
}
