import { describeInstant } from '../periods/describe-period.ts';
import type { SourceName } from '../types.ts';
import { QUALITY_CHECKS, type QualityCheckName, type QualityResult } from './check.ts';
import { QUALITY_RULES, type QualityRule, type QualityRuleId } from './rules.ts';
import { judgeVolumes, type Volume } from './volume.ts';

/** The small aggregates one source is judged by; nothing here grows with its rows. */
export interface QualityFacts {
  source: SourceName;
  /** Why nothing can be said of it at all, in a sentence; null when it has been read. */
  unread: string | null;
  throughAt: number | null;
  stale: boolean;
  lastError: string | null;
  /** Sources that have been read completely: what others are held against. */
  readSources: readonly SourceName[];
  /** Bad rows and all rows by rule; a rule that could not be counted is absent. */
  counts: { readonly [R in QualityRuleId]?: { bad: number; of: number } };
  volumes: readonly Volume[];
  drift: readonly {
    resource: string;
    field: string;
    expected: string;
    got: string;
    rows: number;
    since: number;
  }[];
  newFields: readonly { resource: string; field: string }[];
}

type Verdict = Pick<QualityResult, 'state' | 'words'>;

/** From this share of the rows on, a fault is no longer a single slip. */
const FAILS_FROM = 0.001;

/** Every check of one source. What cannot be checked is `unknown`, never `ok`. */
export function judgeSource(facts: QualityFacts, nowAt: number, tz: string): QualityResult[] {
  return QUALITY_CHECKS.map((check) => ({
    source: facts.source,
    check,
    checkedAt: nowAt,
    ...(facts.unread === null
      ? verdictOf(check, facts, tz)
      : { state: 'unknown' as const, words: facts.unread }),
  }));
}

function verdictOf(check: QualityCheckName, facts: QualityFacts, tz: string): Verdict {
  switch (check) {
    case 'freshness':
      return freshness(facts, tz);
    case 'volume':
      return judgeVolumes(facts.volumes);
    case 'schema':
      return schema(facts, tz);
    default:
      return counted(check, facts);
  }
}

function freshness({ throughAt, stale, lastError }: QualityFacts, tz: string): Verdict {
  if (throughAt === null) return { state: 'unknown', words: 'It has not been read completely yet.' };
  const through = `Facts are in up to ${describeInstant(throughAt, tz)}`;
  if (!stale) return { state: 'ok', words: `${through}.` };
  return { state: 'fail', words: lastError === null ? `${through} only.` : `${through} only: ${lastError}.` };
}

function schema({ drift, newFields }: QualityFacts, tz: string): Verdict {
  if (drift.length > 0) {
    const said = drift.slice(0, 3).map((field) => describeDrift(field, tz));
    const more = drift.length > 3 ? ` ${drift.length - 3} more fields drifted.` : '';
    return { state: 'fail', words: `${said.join(' ')}${more} The last good rows are kept.` };
  }
  if (newFields.length === 0) return { state: 'ok', words: 'Every field is as agreed.' };
  const names = newFields.slice(0, 5).map(({ resource, field }) => `${field} of ${resource}`);
  return { state: 'ok', words: `Every field is as agreed; new and unused: ${names.join(', ')}.` };
}

/** "status of support_tickets: expected one of open, closed, got escalated, in 12 rows since Nov 22, 2026, 03:12 PST." */
export function describeDrift(drift: QualityFacts['drift'][number], tz: string): string {
  const { resource, field, expected, got, rows, since } = drift;
  const many = `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`;
  return `${field} of ${resource}: expected ${expected}, got ${got}, in ${many} since ${describeInstant(since, tz)}.`;
}

/** All rules of a check together; the worst decides, every one that is broken is said. */
function counted(check: QualityCheckName, facts: QualityFacts): Verdict {
  const broken: string[] = [];
  const blind: string[] = [];
  let fails = false;
  let rows = 0;
  for (const [id, rule] of rulesOf(facts.source, check)) {
    const missing = rule.needs.filter((source) => !facts.readSources.includes(source));
    const count = facts.counts[id];
    if (missing.length > 0 || count === undefined) {
      blind.push(rule.of);
      continue;
    }
    rows += count.of;
    if (count.bad === 0) continue;
    fails ||= rule.exact === true || count.bad >= 3 || count.bad >= count.of * FAILS_FROM;
    broken.push(phrase(rule, count));
  }
  if (broken.length > 0) return { state: fails ? 'fail' : 'warn', words: `${broken.join('; ')}.` };
  if (blind.length > 0)
    return { state: 'unknown', words: `Not all could be checked: ${[...new Set(blind)].join(', ')}.` };
  return { state: 'ok', words: `${rows.toLocaleString('en-US')} rows checked, nothing wrong.` };
}

function phrase(rule: QualityRule, { bad, of }: { bad: number; of: number }): string {
  const wrong = rule.wrong[bad === 1 ? 0 : 1];
  return `${bad.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} ${rule.of} ${wrong}`;
}

function rulesOf(source: SourceName, check: QualityCheckName): [QualityRuleId, QualityRule][] {
  const ids = Object.keys(QUALITY_RULES).filter(isRule);
  return ids
    .map((id): [QualityRuleId, QualityRule] => [id, QUALITY_RULES[id]])
    .filter(([, rule]) => rule.source === source && rule.check === check);
}

function isRule(id: string): id is QualityRuleId {
  return Object.hasOwn(QUALITY_RULES, id);
}
