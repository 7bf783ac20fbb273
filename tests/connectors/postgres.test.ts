import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tableNamed } from '../../sandbox/supabase/tables.ts';
import { applyCompanyEvent } from '../../sandbox/world/company-events.ts';
import { createWorld } from '../../sandbox/world/world.ts';
import { readAddress } from '../../src/connectors/postgres/address.ts';
import { connectPostgres } from '../../src/connectors/postgres/client.ts';
import { CHANNEL, listenForChanges } from '../../src/connectors/postgres/listen.ts';
import { createResilience } from '../../src/connectors/resilience.ts';
import { supabaseResources } from '../../src/connectors/supabase/resources.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createSources } from '../../src/store/sources.ts';
import { noPostgres, startPostgres } from './postgres-server.ts';
import { expectedRows, storedRows } from './same-as-world.ts';

const TABLES = ['user_profiles', 'subscription_data', 'support_tickets'] as const;
const address = (url: string) => readAddress(url, 'SUPABASE_DB_URL');

describe('the address of a database', () => {
  it.each([
    ['postgres://u:p@db.example.com/x', { rejectUnauthorized: true }],
    ['postgres://u:p@db.example.com/x?sslmode=require', { rejectUnauthorized: false }],
    ['postgres://u:p@db.example.com/x?sslmode=disable', false],
    ['postgres://u:p@127.0.0.1/x', false],
  ])('%s is checked as it asks', (url, ssl) => {
    const read = address(url).ssl;
    expect(ssl === false ? read : { rejectUnauthorized: read ? read.rejectUnauthorized : null }).toEqual(ssl);
  });

  it.each([
    ['postgres://u:hunter2@db.example.com/x?sslmode=prefer', /sslmode=prefer.*verify-full/],
    ['postgres://u:hunter2@db/x?sslmode=verify-ca&sslrootcert=/nowhere/ca.crt', /nowhere\/ca\.crt/],
    ['mysql://u:hunter2@db/x', /full address/],
  ])('%s is refused with the reason and without the password', (url, reason) => {
    expect(() => address(url)).toThrow(reason);
    expect(() => address(url)).not.toThrow(/hunter2/);
  });
});

const reason = noPostgres();
if (reason !== null) process.stderr.write(`The tests on a real Postgres are skipped: ${reason}.\n`);

describe.skipIf(reason !== null)('a direct connection', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let admin: pg.Client;
  const world = createWorld({ seed: 7, now: Date.parse('2026-11-20T18:30:00Z'), scale: 0.1 });
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    admin = new pg.Client({ connectionString: server.url('') });
    await admin.connect();
    for (const name of TABLES) {
      const columns = Object.entries(tableNamed(name)?.columns ?? {}).map(
        ([column, type]) =>
          `"${column}" ${type === 'number' ? 'numeric' : type}${column === 'id' ? ' PRIMARY KEY' : ''}`,
      );
      await admin.query(`CREATE TABLE ${name} (${columns.join(', ')})`);
    }
    await write();
  }, 60_000);
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(async () => {
    await admin?.end();
    await server?.stop();
  });

  /** The company's rows as they are now. */
  async function write(): Promise<void> {
    for (const name of TABLES) {
      const rows = JSON.stringify(tableNamed(name)?.rows(world) ?? []);
      await admin.query(`DELETE FROM ${name}`);
      await admin.query(
        `INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, $1::json)`,
        [rows],
      );
    }
  }

  function tablesAt(url: string) {
    const resilience = createResilience({ system: 'Supabase', retries: 0 });
    const tables = connectPostgres({ address: address(url), resilience });
    closing.push(tables.close);
    return tables;
  }

  function reading(url: string) {
    const store = openStore(':memory:');
    closing.push(() => store.close());
    const clock = { now: () => world.now() };
    const resources = supabaseResources(tablesAt(url), clock);
    const connections = [{ source: 'supabase' as const, connected: true as const, resources }];
    return {
      store,
      sources: createSources({ store, connections, clock, logger: silentLogger, patienceMs: 60_000 }),
    };
  }

  it('brings the same rows as the REST API, page by page, then what changed', async () => {
    const { store, sources } = reading(server.url());
    await sources.refresh(['supabase']);
    const same = () => {
      const [stored, expected] = [storedRows(store), expectedRows(world)];
      for (const table of ['tickets', 'user_profiles', 'subscription_versions'])
        expect(stored[table]).toEqual(expected[table]);
    };
    same();
    const [customer] = world.all('customers');
    applyCompanyEvent(world, {
      type: 'ticket_opened',
      customer: customer?.id,
      text: 'Straight from the table',
    });
    world.advanceTo(world.now() + 60_000);
    await write();
    await sources.refresh(['supabase']);
    same();
    expect((await sources.sweep(['supabase']))[0]?.error).toBeNull();
    same();
  });

  it('is told of a change at once where the trigger exists', async () => {
    const heard: string[] = [];
    const listener = listenForChanges({
      address: address(server.url()),
      changed: (table) => heard.push(table),
      logger: silentLogger,
    });
    closing.push(() => listener.close());
    await admin.query(`
      CREATE OR REPLACE FUNCTION psi_tell() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('${CHANNEL}', TG_TABLE_NAME); RETURN NULL; END $$;
      CREATE OR REPLACE TRIGGER psi_tell AFTER INSERT OR UPDATE OR DELETE ON support_tickets
        FOR EACH STATEMENT EXECUTE FUNCTION psi_tell();`);
    await expect
      .poll(
        async () => {
          await admin.query("UPDATE support_tickets SET updated_at = updated_at WHERE id = 'none'");
          return heard[0];
        },
        { timeout: 5_000 },
      )
      .toBe('support_tickets');
  });

  it.each([
    ['disable', '127.0.0.1', ''],
    ['require', '127.0.0.1', ''],
    ['verify-ca', '127.0.0.1', 'ca'],
    ['verify-full', 'localhost', 'ca'],
  ] as const)('with sslmode=%s to %s is made', async (mode, host, ca) => {
    const url = server.url(`sslmode=${mode}${ca ? `&sslrootcert=${server.ca}` : ''}`, host);
    expect((await tablesAt(url).changedAfter('support_tickets', null)).length).toBeGreaterThan(0);
  });

  it.each([
    ['verify-full', '127.0.0.1', 'ca', 'whose certificate is of another name'],
    ['verify-full', 'localhost', 'none', 'whose CA is unknown'],
    ['verify-ca', 'localhost', 'other', 'that another CA signed'],
  ] as const)('with sslmode=%s to a server (%s, %s) %s is refused', async (mode, host, ca, _what) => {
    const file = ca === 'ca' ? server.ca : server.otherCa;
    const url = server.url(`sslmode=${mode}${ca === 'none' ? '' : `&sslrootcert=${file}`}`, host);
    await expect(tablesAt(url).changedAfter('support_tickets', null)).rejects.toMatchObject({
      name: 'OutsideError',
      status: 495,
    });
  });

  it('with a wrong password says to check it', async () => {
    const { sources } = reading(server.url('sslmode=disable', '127.0.0.1', 'wrong'));
    await sources.poll();
    const status = (await sources.status()).find(({ source }) => source === 'supabase');
    expect(status?.lastError?.message).toMatch(/Supabase refused .*401.*check its key/);
  });
});
