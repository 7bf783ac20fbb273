import { parseArgs } from 'node:util';
import { loadConfig, storePath } from './config.ts';
import { candidateCase } from './feedback-cases.ts';
import { importBank } from './import-bank.ts';
import { candidateLexiconCase, describeProposal } from './lexicon-report.ts';
import { ConfigError, UserError } from './lib/errors.ts';
import { metricsReplay } from './metrics-replay.ts';
import { verifyAudit } from './store/audit.ts';
import { listUnhelpful } from './store/feedback.ts';
import { createLexiconChoices } from './store/lexicon-choices.ts';
import { openStore } from './store/open-store.ts';
import { usageLetters } from './usage-letters.ts';

const USAGE = `psi doctor                 what is connected, what is missing, how fresh each source is
psi brief --for NAME [--at INSTANT]
                           a morning briefing as it would be now, or was of the closed day before an instant
psi metrics replay --policy PRESET|knob=value [--months 12] [--golden FILE.json] [--at INSTANT]
                           what other rules for recurring revenue would have made of the past months
psi policy [FILE]          who could bring what about under policy.yml, for every role and limit, and what looks wrong
psi import-bank FILE.csv [--currency EUR] [--dates dmy|mdy]
                           takes the lines of a bank statement in, each once, to be matched to invoices
psi audit verify           checks the hash chain of the audit log
psi usage [rejected | retry | drop] [NO ...] [--reason REASON] [--accept-old]
                           usage events that were not taken; offers them again once mended, or lets them go
psi feedback export        answers that did not help, as candidate eval cases (JSONL), without people's names
psi lexicon [export]       words people had to explain by picking a reading; as candidate eval cases (JSONL)
`;

/** The \`psi\` command. Answers with an exit status: 0 well, 1 not well, 2 asked wrongly. */
async function run(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  if (command === 'doctor') return doctor();
  if (command === 'brief') return brief(rest);
  if (command === 'metrics' && rest[0] === 'replay') return metricsReplay(rest.slice(1));
  if (command === 'policy') return policy(rest[0]);
  if (command === 'import-bank') return importBank(rest);
  if (command === 'audit' && rest[0] === 'verify') return auditVerify();
  if (command === 'usage') return usageLetters(rest);
  if (command === 'feedback' && rest[0] === 'export') return feedbackExport();
  if (command === 'lexicon') return lexicon(rest[0] === 'export');
  process.stdout.write(USAGE);
  return command === undefined || command === 'help' ? 0 : 2;
}

/** Asks the running bot, which alone knows what it reaches; without one, says what the environment names. */
async function doctor(): Promise<number> {
  const config = loadConfig(process.env);
  try {
    const answer = await fetch(`http://127.0.0.1:${config.httpPort}/doctor`, {
      signal: AbortSignal.timeout(10_000),
    });
    process.stdout.write(await answer.text());
    return answer.ok ? 0 : 1;
  } catch {
    process.stdout.write(
      `Psi is not running on port ${config.httpPort} (PSI_HTTP_PORT). From the environment alone:\n`,
    );
    for (const [system, remedy] of Object.entries(config.missing)) {
      const connected = Reflect.get(config, system) !== null;
      process.stdout.write(`${system}: ${connected ? 'configured' : `not configured. ${remedy}`}\n`);
    }
    return 1;
  }
}

/** Asks the running bot, which alone knows who there is and may read the sources. */
async function brief(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { for: { type: 'string' }, at: { type: 'string' } },
  });
  if (!values.for) {
    process.stderr.write('Say for whom: psi brief --for "Maya Okafor" [--at 2026-11-24T08:00:00-08:00]\n');
    return 2;
  }
  const { httpPort } = loadConfig(process.env);
  const query = new URLSearchParams({ for: values.for, ...(values.at ? { at: values.at } : {}) });
  let answer: Response;
  try {
    answer = await fetch(`http://127.0.0.1:${httpPort}/brief?${query}`, {
      signal: AbortSignal.timeout(60_000),
    });
  } catch {
    process.stderr.write(
      `Psi is not running on port ${httpPort} (PSI_HTTP_PORT). Start it with "npm start".\n`,
    );
    return 1;
  }
  (answer.ok ? process.stdout : process.stderr).write(await answer.text());
  return answer.ok ? 0 : 2;
}

/** Reads no store and reaches nobody: an edit can be proved before it is put in force. */
async function policy(file: string | undefined): Promise<number> {
  const { proofText } = await import('./policy-proof.ts');
  const { text, holes } = proofText(file ?? loadConfig(process.env).policyFile);
  process.stdout.write(text);
  return holes === 0 ? 0 : 1;
}

async function feedbackExport(): Promise<number> {
  const store = openStore(storePath(loadConfig(process.env)));
  const people = await store.db.selectFrom('slack_users').select('name').where('is_bot', '=', 0).execute();
  const rows = await listUnhelpful(store);
  await store.close();
  const names = people.map((person) => person.name);
  const cases = rows.flatMap((row) => candidateCase(row, names) ?? []);
  process.stdout.write(cases.map((each) => `${JSON.stringify(each)}\n`).join(''));
  return 0;
}

/** Proposals only: whoever agrees with one pastes its case into the evals, or teaches a tool the word. */
async function lexicon(asCases: boolean): Promise<number> {
  const store = openStore(storePath(loadConfig(process.env)));
  const proposals = await createLexiconChoices(store).proposals();
  await store.close();
  const lines = asCases
    ? proposals.map((proposal, index) => JSON.stringify(candidateLexiconCase(proposal, index + 1)))
    : proposals.map(describeProposal);
  if (lines.length === 0 && !asCases) lines.push('Nobody has had to pick a reading yet.');
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return 0;
}

async function auditVerify(): Promise<number> {
  const store = openStore(storePath(loadConfig(process.env)));
  const { ok, rows, brokenAt, head } = verifyAudit(store);
  await store.close();
  process.stdout.write(
    ok
      ? `The audit log is whole: ${rows} rows, head ${head}.\n`
      : `The audit log was changed at row ${brokenAt} of ${rows}.\n`,
  );
  return ok ? 0 : 1;
}

run(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const known = error instanceof ConfigError || error instanceof UserError;
    process.stderr.write(`${known ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
