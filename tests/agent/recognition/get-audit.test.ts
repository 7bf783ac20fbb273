import { describe, expect, it } from 'vitest';
import { startAgent } from '../world.ts';

describe('asking for the audit log', () => {
  it('is answered with a receipt', async () => {
    expect((await startAgent().ask('show the audit log')).receipts).toHaveLength(1);
  });

  it('is refused to a viewer', async () => {
    const agent = startAgent();
    const { principal } = await agent.someone('viewer');
    expect((await agent.ask('show the audit log', { as: principal })).text).toContain('does not include');
  });
});
