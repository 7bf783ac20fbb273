import { countTurns } from './agent/count-turns.ts';
import { createModelSwitch, type ModelSwitch } from './agent/models.ts';
import { loadPrompts } from './agent/prompts.ts';
import { createRunTurn } from './agent/run-turn.ts';
import type { RunTurn } from './agent/turn.ts';
import { createAuditLog } from './approvals/audit-log.ts';
import { createDoor } from './approvals/door.ts';
import type { PolicySource } from './approvals/policy-file.ts';
import { createApprovalReader } from './approvals/reader.ts';
import type { Door } from './approvals/types.ts';
import { type Config, simulatedInRealWorkspace, storePath } from './config.ts';
import { type Alerts, createAlerts } from './connect-alerts.ts';
import { connectBilling } from './connect-billing.ts';
import { connectBooks } from './connect-books.ts';
import { type BriefingRoom, connectBriefing } from './connect-briefing.ts';
import { connectDelivery, type DeliveryRoom } from './connect-delivery.ts';
import { connectHealth, type HealthRoom } from './connect-health.ts';
import { connectMail } from './connect-mail.ts';
import { connectModelUse } from './connect-model.ts';
import { connectRecovery } from './connect-recovery.ts';
import { connectReports, type ReportRoom } from './connect-reports.ts';
import { assembleSkillRuns } from './connect-skills.ts';
import { connectSources } from './connect-sources.ts';
import { connectUsage, type UsageRoom } from './connect-usage.ts';
import { createInvoiceInbox } from './connectors/psizero/invoice-inbox.ts';
import { diagnose } from './doctor.ts';
import { mrrByCustomer } from './domain/health/mrr-by-customer.ts';
import type { ModelUseLedger } from './domain/model-usage.ts';
import { scopesFor } from './domain/policy/rights.ts';
import type { Ports } from './domain/ports.ts';
import type { SyncedSources } from './domain/sync.ts';
import type { Place, Principal, Scope } from './domain/types.ts';
import type { Clock } from './lib/clock.ts';
import { failpoint } from './lib/failpoints.ts';
import { newId } from './lib/ids.ts';
import type { Logger } from './lib/logger.ts';
import type { PendingWork } from './lib/pending-work.ts';
import type { WebhookIntake } from './server/webhook-intake.ts';
import type { SkillEngine } from './skills/skill-runs.ts';
import { createCompanyWords } from './store/company-words.ts';
import { createCustomerDirectory } from './store/customers.ts';
import { createMetricFacts } from './store/facts.ts';
import { createForecastLedger } from './store/forecasts.ts';
import { createLexiconChoices } from './store/lexicon-choices.ts';
import { type ConversationMemory, createMemory } from './store/memory.ts';
import type { Store } from './store/open-store.ts';
import { createQualityChecks, type QualityChecks } from './store/quality.ts';
import { createReceiptStore } from './store/receipts.ts';
import { createRecords } from './store/records.ts';
import { createTranscript, type Transcript } from './store/transcript.ts';
import { createTurnOutcomes } from './store/turn-outcomes.ts';
import type { ConsequentialTool, Tool, ToolContext } from './tools/define-tool.ts';
import { tools } from './tools/index.ts';
import { createToolRunner } from './tools/run-tool.ts';
import type { ToolRunner } from './tools/tool-call.ts';

/** Psi without its surfaces: everything that answers, proposes and applies, ready to be put behind Slack or a terminal. */
export interface Psi {
  config: Config;
  store: Store;
  clock: Clock;
  logger: Logger;
  pending: PendingWork;
  policy: PolicySource;
  door: Door;
  ports: Ports;
  sources: SyncedSources;
  quality: QualityChecks;
  webhooks: WebhookIntake;
  alerts: Alerts;
  briefing: BriefingRoom;
  reports: ReportRoom;
  metering: UsageRoom;
  health: HealthRoom;
  delivery: DeliveryRoom;
  models: ModelSwitch;
  modelUse: ModelUseLedger;
  runner: ToolRunner;
  runTurn: RunTurn;
  transcript: Transcript;
  skillRuns: SkillEngine;
  memory: ConversationMemory;
  tools: readonly Tool[];
  scopesOf(principal: Pick<Principal, 'roles'>): Scope[];
  /** "simulated" stands in every answer whose numbers are not real in a real workspace, and in every simulated one. */
  simulated: boolean;
  /** Edits of policy or prompts that were not taken, a sentence each. */
  problems(): string[];
  /** The state of every connection and source in plain words. */
  diagnose(): Promise<string[]>;
}

/** Where links in answers may lead. */
const ALLOWED_HOSTS = ['invoice.stripe.com', 'dashboard.stripe.com'];

/**
 * Makes the parts and fits them together; nothing runs yet.
 * `members` is asked who exists when a proposal needs deciders.
 */
export function createPsi(parts: {
  config: Config;
  store: Store;
  policy: PolicySource;
  clock: Clock;
  logger: Logger;
  pending: PendingWork;
  members(teamId: string): Promise<readonly Principal[]>;
}): Psi {
  const { config, store, policy, clock, logger, pending } = parts;
  const { sources, webhooks, payments, credits, invoices, collection, bookSource } = connectSources({
    ...{ config, store, clock, logger, pending },
  });
  const metering = connectUsage({
    ...{ config, store, sources, clock, logger },
    conventions: () => billing.desk.settings().entity.conventions,
  });
  const billing = connectBilling({ config, store, clock, logger, invoices, metering: metering.metered });
  const health = connectHealth({ store, clock, logger, company: config.company });
  const recovery = connectRecovery({ config, store, clock, policy, collection });
  const mail = connectMail(config.mail, config.missing.mail);
  const models = createModelSwitch({
    apiKey: config.model?.apiKey ?? null,
    baseUrl: config.model?.baseUrl ?? null,
    model: config.model?.name ?? 'rules',
  });
  const { modelUse, modelGuard } = connectModelUse({ config, store, policy, clock, logger });
  const memory = createMemory(store);
  const quality = createQualityChecks({ store, sources, clock, tz: config.company.tz });
  const alerts = createAlerts({
    ...{ store, clock, policy, sources, quality, pending, logger },
    company: config.company,
    risks: {
      mrr: (nowAt) => mrrByCustomer({ facts: ports.facts, company, nowAt }),
      greenButLeft: health.desk.greenButLeft,
    },
  });
  webhooks.onFacts(() => alerts.noticed());
  const { company } = config;
  const scopesOf = (principal: Pick<Principal, 'roles'>): Scope[] => [
    ...scopesFor(principal.roles, policy.current().policy),
  ];
  const simulated = (config.slack?.simulated ?? false) || simulatedInRealWorkspace(config).length > 0;
  const briefing = connectBriefing({
    ...{ store, clock, company, logger, policy, models, modelGuard, scopesOf, members: parts.members },
    mail: mail.members,
    simulated,
    rest: () => ({ ports, door, runner }),
  });
  const skillRuns = assembleSkillRuns({
    ...parts,
    scopesOf,
    more: [briefing.skill],
    house: () => ({ runner, door, ports }),
  });
  const customers = createCustomerDirectory(store.db);
  const transcript = createTranscript(store);
  const reports = connectReports({
    ...{ store, clock, company, tools, transcript, customers, scopesOf, members: parts.members },
    skills: skillRuns,
    allowedHosts: ALLOWED_HOSTS,
    runner: () => runner,
  });
  const delivery = connectDelivery({
    ...{ store, clock, logger, pending, companyTz: company.tz, mail: mail.customers },
    api: config.psizero && createInvoiceInbox(config.psizero),
    billing: billing.desk,
    alerts: alerts.raiser,
    rest: () => ({ ...ports, door }),
  });
  const ports: Ports = {
    customers,
    facts: createMetricFacts(store, () => policy.current().policy.metrics),
    records: createRecords(store.db),
    sources,
    payments,
    credits,
    mail: mail.customers,
    approvals: createApprovalReader(store),
    memory,
    quality,
    settings: briefing.settings,
    alerts: alerts.desk,
    skills: skillRuns,
    reports: reports.desk,
    billing: billing.desk,
    deliveries: delivery.deliveries,
    books: connectBooks({ store, clock, company, source: bookSource }),
    forecasts: createForecastLedger({ store, clock }),
    health: health.desk,
    recovery,
  };
  const contextFor = (principal: Principal, place: Place): ToolContext => ({
    ...ports,
    principal,
    place,
    company,
    clock,
    signal: AbortSignal.timeout(60_000),
  });
  const door = createDoor({
    store,
    clock,
    company,
    policy,
    tool: findConsequential,
    contextFor,
    members: parts.members,
    settings: ports.settings,
    logger,
    pending,
    newId,
    failpoint,
  });
  door.onChange(skillRuns.onApproval);
  door.onChange(delivery.onApproval);
  const runner = createToolRunner({
    tools,
    ports,
    door,
    receipts: createReceiptStore(store),
    scopesOf,
    company,
    clock,
    logger,
    audit: createAuditLog(store, clock).record,
  });
  const prompts = loadPrompts(logger);
  const askedTurn = createRunTurn({
    tools,
    runner,
    models,
    prompts: prompts.system,
    promptHash: prompts.hash,
    modelGuard,
    transcript,
    lexiconChoices: createLexiconChoices(store),
    customers: ports.customers,
    skills: skillRuns,
    words: createCompanyWords({ store, facts: ports.facts, company, clock }),
    scopesOf,
    company,
    clock,
    logger,
    allowedHosts: ALLOWED_HOSTS,
  });
  const runTurn = countTurns(askedTurn, { outcomes: createTurnOutcomes(store), clock, logger });
  const problems = () =>
    [policy.problem(), prompts.problem(), billing.problem(), health.problem()].filter(
      (problem) => problem !== null,
    );
  return {
    problems,
    diagnose: async () =>
      diagnose({
        config,
        sources: await sources.status(),
        sweeps: sources.lastSweeps(),
        quality: await quality.results(sources.connected()),
        storePath: storePath(config),
        nowAt: clock.now(),
        edits: problems(),
        lexicon: await createLexiconChoices(store).proposals(),
        model: await modelGuard.state(models.current()),
      }),
    config,
    store,
    clock,
    logger,
    pending,
    policy,
    door,
    ports,
    sources,
    quality,
    webhooks,
    alerts,
    briefing,
    reports,
    metering,
    health,
    delivery,
    models,
    modelUse,
    runner,
    runTurn,
    transcript,
    skillRuns,
    memory,
    tools,
    scopesOf,
    simulated,
  };
}

function findConsequential(name: string): ConsequentialTool | undefined {
  const tool = tools.find((candidate) => candidate.name === name);
  return tool?.effect === 'consequential' ? tool : undefined;
}
