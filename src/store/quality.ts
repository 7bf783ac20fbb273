import type { SourceStatus, Sources } from '../domain/ports.ts';
import type { DataQuality, QualityCheckName, QualityResult } from '../domain/quality/check.ts';
import { judgeSource, type QualityFacts } from '../domain/quality/judge.ts';
import { QUALITY_RULES, type QualityRuleId } from '../domain/quality/rules.ts';
import { type Freshness, SOURCES, type SourceName } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { createDriftStore } from './drift.ts';
import type { Store } from './open-store.ts';
import { prepareQualityCounts } from './quality-counts.ts';
import { prepareVolumes } from './quality-volumes.ts';

/** A field is called new for so long. */
const NEW_FOR_MS = 7 * 24 * 3_600_000;

export interface QualityChecks extends DataQuality {
  /** Checks every source now and keeps the results. */
  run(): Promise<QualityResult[]>;
  /** When they were last run; null before the first time. */
  checkedAt(): number | null;
}

interface ResultRow {
  source: SourceName;
  check_name: QualityCheckName;
  state: QualityResult['state'];
  words: string;
  checked_at: number;
}

export function createQualityChecks(parts: {
  store: Pick<Store, 'sqlite'>;
  sources: Pick<Sources, 'status' | 'freshness' | 'refresh'>;
  clock: Clock;
  tz: string;
}): QualityChecks {
  const { store, sources, clock, tz } = parts;
  const { sqlite } = store;
  const counts = prepareQualityCounts(sqlite);
  const volumes = prepareVolumes(sqlite);
  const drift = createDriftStore(store);
  const keep = sqlite.prepare<[string, string, string, string, number, number]>(
    `INSERT INTO quality_results (source, check_name, state, words, checked_at, since_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (source, check_name) DO UPDATE SET
       since_at = CASE WHEN quality_results.state = excluded.state THEN quality_results.since_at ELSE excluded.since_at END,
       state = excluded.state, words = excluded.words, checked_at = excluded.checked_at`,
  );
  const latest = sqlite.prepare<[string], ResultRow>(
    'SELECT source, check_name, state, words, checked_at FROM quality_results WHERE source = ? ORDER BY rowid',
  );
  const last = sqlite.prepare<[], { at: number | null }>('SELECT MAX(checked_at) AS at FROM quality_results');
  const keepAll = sqlite.transaction((results: readonly QualityResult[]) => {
    for (const { source, check, state, words, checkedAt } of results)
      keep.run(source, check, state, words, checkedAt, checkedAt);
  });

  function factsOf(
    status: SourceStatus,
    freshness: Freshness,
    read: readonly SourceName[],
    /** Up to here every source has been read: what is younger may still miss its counterpart. */
    allThroughAt: number,
  ): QualityFacts {
    const { source } = status;
    const nowAt = clock.now();
    const isRead = read.includes(source);
    const ids = Object.keys(QUALITY_RULES).filter(
      (id): id is QualityRuleId => Object.hasOwn(counts, id) && ruleSource(id) === source,
    );
    return {
      source,
      unread: !status.connected
        ? 'It is not connected.'
        : isRead
          ? null
          : 'It has not been read completely yet.',
      throughAt: status.throughAt,
      stale: freshness.stale,
      lastError: status.lastError?.message ?? null,
      readSources: read,
      counts: isRead ? counted(ids, allThroughAt) : {},
      volumes: isRead ? volumes(source, status.throughAt ?? nowAt) : [],
      drift: drift.open(source),
      newFields: drift.newFields(source, nowAt - NEW_FOR_MS),
    };
  }

  function counted(ids: readonly QualityRuleId[], throughAt: number): QualityFacts['counts'] {
    return Object.fromEntries(
      ids.flatMap((id) => {
        const count = counts[id](throughAt);
        return count === null ? [] : [[id, count]];
      }),
    );
  }

  /** Two sources are never read at one instant, and what only checks need may not have been read at all. */
  function mayMend({ source, check, state }: QualityResult, read: readonly SourceName[]): boolean {
    return (check === 'references' || check === 'reconciliation') && state !== 'ok' && read.includes(source);
  }

  async function judgeAll(): Promise<QualityResult[]> {
    const [statuses, freshness] = await Promise.all([sources.status(), sources.freshness(SOURCES)]);
    const through = statuses.flatMap(({ source, throughAt }) =>
      throughAt === null ? [] : { source, throughAt },
    );
    const read = through.map(({ source }) => source);
    const allThroughAt = Math.min(clock.now(), ...through.map(({ throughAt }) => throughAt));
    return statuses.flatMap((status) => {
      const fresh = freshness.find(({ source }) => source === status.source);
      if (fresh === undefined) return [];
      return judgeSource(factsOf(status, fresh, read, allThroughAt), clock.now(), tz);
    });
  }

  return {
    async run() {
      let results = await judgeAll();
      const statuses = await sources.status();
      const read = statuses.flatMap(({ source, throughAt }) => (throughAt === null ? [] : source));
      if (results.some((result) => mayMend(result, read))) {
        await sources.refresh(read, 'checks');
        results = await judgeAll();
      }
      keepAll(results);
      return results;
    },
    checkedAt: () => last.get()?.at ?? null,
    results: async (names) =>
      [...new Set(names)].flatMap((name) =>
        latest.all(name).map(({ source, check_name, state, words, checked_at }) => ({
          source,
          check: check_name,
          state,
          words,
          checkedAt: checked_at,
        })),
      ),
  };
}

function ruleSource(id: string): SourceName | undefined {
  return Object.entries(QUALITY_RULES).find(([name]) => name === id)?.[1].source;
}
