import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from './workspace.ts';

let workspace: Awaited<ReturnType<typeof openWorkspace>>;
beforeAll(async () => {
  workspace = await openWorkspace(Number(process.env.SCALE ?? '0.1'), { webhooks: false });
  const t = performance.now();
  const c = process.cpuUsage();
  await workspace.sources.refresh(['stripe', 'supabase', 'psizero']);
  console.log('backfill ms', performance.now() - t, process.cpuUsage(c).user / 1000);
});
afterAll(() => workspace.close());

describe('the first reading', () => {
  it('x', async () => {
    console.log(JSON.stringify(await workspace.sources.status(), null, 1));
    expect(1).toBe(1);
  });
});
