import type { RunnableConfig } from '@langchain/core/runnables';
import type { Checkpoint, CheckpointMetadata } from '@langchain/langgraph';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { StepResults } from './define-skill.ts';

const resultsSchema = z.object({ done: z.record(z.string(), z.record(z.string(), z.json())) });

/** Where runs stand. The fence of whoever works on a run is part of its thread's name. */
export interface Checkpoints {
  saver: SqliteSaver;
  /**
   * The thread for the holder of this fence, which takes over whatever an earlier holder had written. An earlier
   * holder that still runs goes on writing under the old name, which nobody reads again.
   */
  adopt(runId: string, fence: number): string;
  /** What the steps of a run have come to so far. */
  results(runId: string): Promise<StepResults>;
  forget(runId: string): void;
  /** Runs that have anything here. */
  runIds(): string[];
}

export function openCheckpoints(file: Database): Checkpoints {
  const saver = new LatestOnlySaver(file);
  saver.prepare();
  const named = file.prepare<[string], { thread_id: string }>(
    `SELECT DISTINCT thread_id FROM checkpoints WHERE substr(thread_id, 1, instr(thread_id, '#') - 1) = ?`,
  );
  const forget = file.transaction((runId: string) => {
    for (const table of ['checkpoints', 'writes']) {
      file
        .prepare(`DELETE FROM ${table} WHERE substr(thread_id, 1, instr(thread_id, '#') - 1) = ?`)
        .run(runId);
    }
  });
  const newestThread = (runId: string): string | null => {
    const threads = named.all(runId).map((row) => row.thread_id);
    return threads.toSorted((a, b) => fenceOf(b) - fenceOf(a))[0] ?? null;
  };
  const adopt = file.transaction((runId: string, fence: number) => {
    const mine = `${runId}#${fence}`;
    const newest = newestThread(runId);
    if (newest === null || newest === mine) return mine;
    for (const table of ['checkpoints', 'writes']) {
      file.prepare(`UPDATE ${table} SET thread_id = ? WHERE thread_id = ?`).run(mine, newest);
    }
    return mine;
  });
  return {
    saver,
    adopt: (runId, fence) => adopt.immediate(runId, fence),
    async results(runId) {
      const thread = newestThread(runId);
      if (thread === null) return {};
      const tuple = await saver.getTuple({ configurable: { thread_id: thread } });
      const kept = resultsSchema.safeParse(tuple?.checkpoint.channel_values);
      return kept.success ? kept.data.done : {};
    },
    forget: (runId) => forget.immediate(runId),
    runIds: () => [
      ...new Set(
        file
          .prepare<[], { thread_id: string }>('SELECT DISTINCT thread_id FROM checkpoints')
          .all()
          .map((row) => row.thread_id.split('#')[0] ?? ''),
      ),
    ],
  };
}

const fenceOf = (thread: string): number => Number(thread.split('#')[1]);

/**
 * Keeps the newest checkpoint of a thread alone. Checkpoints are put in order by ids made from the wall clock:
 * after a clock that was set back an older one would be taken for the newest, and steps run again.
 */
class LatestOnlySaver extends SqliteSaver {
  prepare(): void {
    this.setup();
  }

  override async put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata) {
    const written = await super.put(config, checkpoint, metadata);
    const thread: unknown = config.configurable?.thread_id;
    for (const table of ['checkpoints', 'writes']) {
      this.db
        .prepare(`DELETE FROM ${table} WHERE thread_id = ? AND checkpoint_ns = '' AND checkpoint_id <> ?`)
        .run(thread, checkpoint.id);
    }
    return written;
  }
}
