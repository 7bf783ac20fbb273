import { describe, expect, it } from 'vitest';
import { createResilience, OutsideError, retryAfterMs } from '../../src/connectors/resilience.ts';
import { SystemError } from '../../src/lib/errors.ts';

const fast = { system: 'Elsewhere', initialDelayMs: 1, timeoutMs: 50, halfOpenAfterMs: 30 };

/** Fails as told, then succeeds; counts how often it was called. */
function failing(...errors: (Error | 'hang')[]) {
  let calls = 0;
  return {
    calls: () => calls,
    call: async (): Promise<string> => {
      const error = errors[calls];
      calls += 1;
      if (error === 'hang') return new Promise<string>(() => undefined);
      if (error) throw error;
      return 'fine';
    },
  };
}
const status = (code: number | null, retryAfter?: number) =>
  new OutsideError('Elsewhere', code, `status ${code}`, { retryAfterMs: retryAfter });

describe('a call to an outside system', () => {
  it.each([
    ['an error of the server', status(500)],
    ['no answer', status(null)],
    ['too many requests', status(429)],
    ['a lock of an earlier try', status(409)],
    ['an answer that never comes', 'hang' as const],
  ])('is tried again after %s', async (_what, error) => {
    const outside = failing(error);
    expect(await createResilience(fast)(outside.call)).toBe('fine');
    expect(outside.calls()).toBe(2);
  });

  it.each([400, 401, 404, 422])('is not tried again after a refusal (%i)', async (code) => {
    const outside = failing(status(code));
    await expect(createResilience(fast)(outside.call)).rejects.toBeInstanceOf(OutsideError);
    expect(outside.calls()).toBe(1);
  });

  it('waits as long as it was asked to', async () => {
    const started = performance.now();
    await createResilience(fast)(failing(status(429, 40)).call);
    expect(performance.now() - started).toBeGreaterThanOrEqual(39);
  });

  it('becomes a system error with a reference when trouble does not pass', async () => {
    const outside = failing(...Array.from({ length: 9 }, () => status(503)));
    const error = await createResilience({ ...fast, retries: 2 })(outside.call).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SystemError);
    expect(error).toMatchObject({ code: 'source_unavailable' });
    expect(outside.calls()).toBe(3);
  });

  it('leaves a system alone that keeps failing, and tries it again later', async () => {
    const call = createResilience({ ...fast, retries: 0, breakAfter: 2 });
    const outside = failing(status(500), status(500));
    await expect(call(outside.call)).rejects.toThrow();
    await expect(call(outside.call)).rejects.toThrow();
    await expect(call(outside.call)).rejects.toThrow(/left alone/);
    expect(outside.calls()).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await call(outside.call)).toBe('fine');
  });
});

describe('Retry-After', () => {
  it.each([
    ['2', 2_000],
    ['0.5', 500],
    ['-1', 0],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 9_000],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j means %s ms', (header, expected) => {
    expect(retryAfterMs(header, 1_000)).toBe(expected);
  });
});
