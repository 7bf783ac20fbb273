import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPolicyFile } from '../../src/approvals/policy-file.ts';
import { createApprovalReader } from '../../src/approvals/reader.ts';
import { METRICS } from '../../src/domain/metrics/index.ts';
import { scopesFor } from '../../src/domain/policy/rights.ts';
import { type Json, type Principal, ROLES, type Role } from '../../src/domain/types.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { createCustomerDirectory } from '../../src/store/customers.ts';
import { createMetricFacts } from '../../src/store/facts.ts';
import { createReceiptStore } from '../../src/store/receipts.ts';
import { createRecords } from '../../src/store/records.ts';
import { tools } from '../../src/tools/index.ts';
import { createToolRunner } from '../../src/tools/run-tool.ts';
import type { ToolResult } from '../../src/tools/tool-call.ts';
import { DM, principal, SHARED } from '../agent/world.ts';
import { NOW, openWorkspace } from '../connectors/workspace.ts';
import { quietPorts } from '../quiet-ports.ts';

/**
 * Everything that can be asked, by every role, over the records of a whole small company: whoever may not read
 * customers is not shown a trace of one, however the question is put.
 */
const policy = openPolicyFile(`${projectRoot()}/policy.yml`, () => undefined);
const scopesOf = (who: Principal) => [...scopesFor(who.roles, policy.current().policy)];

let opened: Awaited<ReturnType<typeof openWorkspace>>;
let runner: ReturnType<typeof createToolRunner>;
/** What only a customer's records can have put into an answer. */
let traces: string[];

beforeAll(async () => {
  opened = await openWorkspace(0.05, { webhooks: false });
  await opened.sources.refresh(['stripe', 'supabase', 'psizero']);
  const { store } = opened;
  const unused = () => Promise.reject(new Error('nothing is changed here'));
  runner = createToolRunner({
    tools,
    ports: {
      ...quietPorts,
      customers: createCustomerDirectory(store.db),
      facts: createMetricFacts(store),
      records: createRecords(store.db),
      sources: opened.sources,
      payments: new Proxy(Object.create(null), { get: () => unused }),
      mail: { send: unused },
      approvals: createApprovalReader(store),
    },
    door: { propose: unused },
    receipts: createReceiptStore(store),
    scopesOf,
    company: { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' },
    clock: { now: () => NOW },
    logger: silentLogger,
    audit: async () => undefined,
  });
  const customers = await store.db
    .selectFrom('customers')
    .select(['id', 'name', 'domain', 'email'])
    .execute();
  traces = customers.flatMap(({ id, name, domain, email }) => [id, name, domain, email]);
}, 60_000);
afterAll(() => opened?.close());

interface Question {
  tool: string;
  input: { [key: string]: Json };
}

function questions(): Question[] {
  const examples = tools.flatMap((tool) =>
    tool.effect === 'consequential'
      ? []
      : tool.examples.map(({ input }) => ({ tool: tool.name, input: JSON.parse(JSON.stringify(input)) })),
  );
  const metrics = METRICS.flatMap((metric) => [
    { tool: 'query_metric', input: { metric: metric.name, period: 'last month', compare: 'previous' } },
    { tool: 'query_metric', input: { metric: metric.name, top: 3 } },
    ...metric.dimensions.map((by) => ({ tool: 'query_metric', input: { metric: metric.name, by } })),
  ]);
  return [...examples, ...metrics];
}

function ask(question: Question, role: Role, place = DM): Promise<ToolResult> {
  const signal = new AbortController().signal;
  return runner.run({ ...question, principal: principal(role), place, signal });
}

function traceIn(result: ToolResult): string | undefined {
  const shown = result.ok
    ? JSON.stringify(result)
    : `${result.error.message} ${'hint' in result.error ? result.error.hint : ''}`;
  return traces.find((trace) => shown.includes(trace));
}

describe.each(ROLES)('%s', (role) => {
  it('is answered only by what the policy gives the role', async () => {
    const held = scopesOf(principal(role));
    for (const question of questions()) {
      const tool = tools.find(({ name }) => name === question.tool);
      const result = await ask(question, role);
      if (result.ok) expect(held, `${role} asked ${JSON.stringify(question)}`).toContain(tool?.scope);
      else expect(result.error.name, JSON.stringify(question)).toBe('UserError');
    }
  });

  it('is told nothing where people from outside read along', async () => {
    for (const question of questions()) {
      const result = await ask(question, role, SHARED);
      expect(result.ok, JSON.stringify(question)).toBe(false);
      expect(traceIn(result)).toBeUndefined();
    }
  });
});

describe.each(ROLES.filter((role) => !scopesOf(principal(role)).includes('customers:read')))('%s', (role) => {
  it('sees no trace of any customer, however it asks', async () => {
    for (const question of questions()) {
      expect(traceIn(await ask(question, role)), JSON.stringify(question)).toBeUndefined();
    }
  });
});

it('the look for traces finds what a person who may see customers is shown', async () => {
  expect(
    traceIn(await ask({ tool: 'query_metric', input: { metric: 'mrr', top: 3 } }, 'founder')),
  ).toBeDefined();
});
