import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPolicyFile } from '../../src/approvals/policy-file.ts';
import { loadConfig } from '../../src/config.ts';
import { describeCron } from '../../src/domain/schedule/describe-cron.ts';
import { nextDueAfter } from '../../src/domain/schedule/due.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { createPsi } from '../../src/psi.ts';
import { schedulesOf } from '../../src/schedules/index.ts';
import { at, house } from './house.ts';

const here = house('2026-11-22T12:00Z');
const config = loadConfig({});
const members = async () => [];
const psi = createPsi({
  config,
  store: here.store,
  policy: openPolicyFile(join(projectRoot(), 'policy.yml'), () => undefined),
  clock: here.clock,
  logger: silentLogger,
  pending: new PendingWork(),
  members,
});
const schedules = schedulesOf({
  ...psi,
  company: config.company,
  ledger: here.ledger,
  teamId: 'T1',
  members,
  channel: async () => null,
});

describe('the schedules', () => {
  it('have names of their own', () => {
    expect(schedules.length).toBeGreaterThan(0);
    expect(new Set(schedules.map(({ name }) => name)).size).toBe(schedules.length);
  });
});

describe.each(schedules.map((schedule) => [schedule.name, schedule] as const))('%s', (name, schedule) => {
  it('has a name that can be typed and limits that can be kept', () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(schedule.timeoutMs).toBeGreaterThan(0);
    expect(schedule.retry.attempts).toBeGreaterThan(0);
    expect(schedule.retry.firstDelayMs).toBeGreaterThan(0);
  });

  it('has times that can be read, said in words, and come', async () => {
    for (const { cron, timezone } of await schedule.occasions()) {
      expect(describeCron(cron)).not.toBe('');
      expect(nextDueAfter(cron, timezone, at('2026-11-22T12:00Z'))).not.toBeNull();
    }
  });
});
