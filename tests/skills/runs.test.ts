import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { afterEach, describe, expect, it } from 'vitest';
import type { Failpoint } from '../../src/lib/failpoints.ts';
import type { Skill } from '../../src/skills/define-skill.ts';
import { askingSkill, Deeds } from './toy-skills.ts';
import { fay, openHouse, person, place, request } from './workspace.ts';

let house: ReturnType<typeof openHouse>;
let deeds: Deeds;
afterEach(() => house.close());

function open(make: (deeds: Deeds) => Skill[] = (d) => [askingSkill(d)]) {
  deeds = new Deeds();
  house = openHouse(make(deeds));
  return house.begin();
}

const ids = (runId: string) => [`bat:${runId}:ask:0`, `bat:${runId}:ask:1`] as const;

describe('a run that waits for people', () => {
  it('parks, says what it waits for, and is told of in its place when the last answer has come', async () => {
    const psi = open();
    const run = await psi.engine.start(request('asking'));
    expect(run).toMatchObject({ state: 'parked', step: 'ask', summary: 'Waits for you.' });
    const [a, b] = ids(run.id);
    await house.outside.settle(a, 'applied');
    await psi.pending.drained();
    expect(psi.told).toEqual([]);
    await house.outside.settle(b, 'rejected');
    await psi.pending.drained();
    expect((await psi.engine.list({ limit: 5 }))[0]).toMatchObject({ state: 'done', step: 'report' });
    expect(psi.told.map((end) => end.text)).toEqual(['Answers: applied,rejected.']);
    expect(psi.told[0]?.place).toEqual(place);
    expect(deeds.steps).toEqual(['gather', 'ask', 'report']);
  });

  it('may be started from within a graph of another kind, as a chat turn is, without ending that', async () => {
    const psi = open();
    let state: string | null = null;
    const Turn = Annotation.Root({ said: Annotation<string> });
    const turn = new StateGraph(Turn)
      .addNode('act', async () => {
        state = (await psi.engine.start(request('asking'))).state;
        return { said: 'done' };
      })
      .addEdge(START, 'act')
      .addEdge('act', END)
      .compile();
    expect(await turn.invoke({ said: '' })).toEqual({ said: 'done' });
    expect(state).toBe('parked');
  });

  it('goes on after a restart when the answers came while nothing ran, and tells once', async () => {
    const psi = open();
    const { id } = await psi.engine.start(request('asking'));
    psi.die();
    for (const row of ids(id)) await house.outside.settle(row, 'expired');
    const next = house.begin();
    await next.engine.resumeAll();
    expect(next.told.map((end) => end.text)).toEqual(['Answers: expired,expired.']);
    next.die();
    const third = house.begin();
    await third.engine.resumeAll();
    expect(third.told).toEqual([]);
  });

  it('follows an edited row to the one that took its place', async () => {
    const psi = open();
    const { id } = await psi.engine.start(request('asking'));
    const [a, b] = ids(id);
    house.outside.add('edited');
    await house.outside.settle(a, 'superseded', { supersededBy: 'edited' });
    await house.outside.settle(b, 'applied');
    await psi.pending.drained();
    expect((await psi.engine.list({ limit: 1 }))[0]?.state).toBe('parked');
    await house.outside.settle('edited', 'applied');
    await psi.pending.drained();
    expect(psi.told.map((end) => end.text)).toEqual(['Answers: applied,applied.']);
  });

  it('does not wait for ever for an outcome nobody knows', async () => {
    const psi = open();
    const { id } = await psi.engine.start(request('asking'));
    const [a, b] = ids(id);
    await house.outside.settle(b, 'applied');
    await house.outside.settle(a, 'unknown', { decidedAt: house.clock.now(), settledAt: null });
    await psi.pending.drained();
    expect((await psi.engine.list({ limit: 1 }))[0]?.state).toBe('parked');
    const due = psi.engine.nextDueAt();
    expect(due).toBe(house.clock.now() + 30 * 60_000);
    house.clock.advance(30 * 60_000);
    await psi.engine.sweep();
    expect(psi.told.map((end) => end.text)).toEqual(['Answers: unknown,applied.']);
  });

  it('ends by its own response timeout, which no step timeout shortens', async () => {
    const psi = open((d) => [
      askingSkill(d, {
        responseTimeoutMs: 3_600_000,
        steps: askingSkill(d).steps.map((step) => ({ ...step, timeoutMs: 200 })),
      }),
    ]);
    await psi.engine.start(request('asking'));
    house.clock.advance(3_599_999);
    await psi.engine.sweep();
    expect((await psi.engine.list({ limit: 1 }))[0]?.state).toBe('parked');
    house.clock.advance(1);
    await psi.engine.sweep();
    expect((await psi.engine.list({ limit: 1 }))[0]).toMatchObject({
      state: 'done',
      summary: 'Answers: pending,pending.',
    });
  });

  it('is resumed once, however many answers come at the same moment', async () => {
    const psi = open();
    const { id } = await psi.engine.start(request('asking'));
    const before = deeds.attempts.length;
    await Promise.all(ids(id).map((row) => house.outside.settle(row, 'applied')));
    await Promise.all([psi.engine.sweep(), psi.engine.resumeAll()]);
    await psi.pending.drained();
    expect(psi.told).toHaveLength(1);
    expect(deeds.attempts.slice(before).map((key) => key.split(':')[1])).toEqual(['ask', 'report']);
  });
});

describe('a crash', () => {
  const places: readonly [Failpoint, number][] = [
    ['skill.step_done', 1],
    ['skill.step_done', 2],
    ['skill.step_done', 3],
    ['skill.step_done', 4],
    ['skill.parked', 1],
    ['skill.resumed', 1],
  ];
  it.each(places)('at %s, time %i, loses nothing and does nothing twice', async (name, time) => {
    deeds = new Deeds();
    let psi: ReturnType<typeof house.begin>;
    let passed = 0;
    house = openHouse([askingSkill(deeds)]);
    psi = house.begin({
      failpoint: (at) => {
        if (at === name) passed += 1;
        if (at !== name || passed !== time) return;
        psi.die();
        throw new Error('power cut');
      },
    });
    await psi.engine.start(request('asking')).catch(() => undefined);
    const again = async () => {
      if (psi.store.sqlite.open) return;
      psi = house.begin();
      await psi.engine.resumeAll();
    };
    await again();
    const [run] = await psi.engine.list({ limit: 2 });
    expect(run).toMatchObject({ state: 'parked' });
    for (const row of ids(run?.id ?? '')) await house.outside.settle(row, 'applied').catch(() => undefined);
    await psi.pending.drained();
    await again();
    expect(passed).toBeGreaterThanOrEqual(time);
    expect(await psi.engine.list({ limit: 2 })).toMatchObject([
      { state: 'done', summary: 'Answers: applied,applied.' },
    ]);
    expect(deeds.steps).toEqual(['gather', 'ask', 'report']);
    expect(house.outside.batches.size).toBe(1);
    expect(psi.told).toHaveLength(1);
  });

  it('inside a step runs that step again, and no step that was done', async () => {
    let cut = true;
    const psi = open((d) => [
      askingSkill(d, {
        during: async (step) => {
          if (step !== 'report' || !cut) return;
          cut = false;
          psi.die();
          throw new Error('power cut');
        },
      }),
    ]);
    const { id } = await psi.engine.start(request('asking'));
    for (const row of ids(id)) await house.outside.settle(row, 'applied');
    await psi.pending.drained();
    const next = house.begin();
    await next.engine.resumeAll();
    const names = deeds.attempts.map((key) => key.split(':')[1]);
    expect(names).toEqual(['gather', 'ask', 'ask', 'report', 'report']);
    expect(next.told).toHaveLength(1);
  });
});

describe('two processes', () => {
  it('never work on one run at once: the second waits for the first', async () => {
    let inside = 0;
    let most = 0;
    const psi = open((d) => [
      askingSkill(d, {
        during: async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setTimeout(resolve, 40));
          inside -= 1;
        },
      }),
    ]);
    const other = house.begin();
    const runs = await Promise.all([
      psi.engine.start(request('asking')),
      other.engine.start(request('asking')),
    ]);
    expect(runs[0]?.id).toBe(runs[1]?.id);
    expect(runs.map((run) => run.state)).toEqual(['parked', 'parked']);
    expect(most).toBe(1);
    for (const row of ids(runs[0]?.id ?? '')) await house.outside.settle(row, 'applied');
    await Promise.all([psi.pending.drained(), other.pending.drained()]);
    expect(most).toBe(1);
    expect([...psi.told, ...other.told]).toHaveLength(1);
  });

  it('a process that was silent too long writes nothing more about the run that was taken over', async () => {
    let release: () => void = () => undefined;
    let first = true;
    const psi = open((d) => [
      askingSkill(d, {
        during: async (step) => {
          if (step !== 'gather' || !first) return;
          first = false;
          await new Promise<void>((resolve) => {
            release = resolve;
          });
        },
      }),
    ]);
    const slow = psi.engine.start(request('asking'));
    await new Promise((resolve) => setTimeout(resolve, 30));
    const other = house.begin();
    house.clock.advance(61_000);
    await other.engine.sweep();
    expect((await other.engine.list({ limit: 1 }))[0]?.state).toBe('parked');
    release();
    expect((await slow).state).toBe('parked');
    expect(house.outside.batches.size).toBe(1);
    for (const row of ids((await slow).id)) await house.outside.settle(row, 'applied');
    await Promise.all([psi.pending.drained(), other.pending.drained()]);
    expect([...psi.told, ...other.told]).toHaveLength(1);
    expect(deeds.steps).toEqual(['gather', 'ask', 'report']);
  });
});

describe('starting', () => {
  it('with the same key gives the run that was begun, not another', async () => {
    const psi = open();
    const first = await psi.engine.start(request('asking'));
    const second = await psi.engine.start(request('asking'));
    expect(second.id).toBe(first.id);
    expect(await psi.engine.list({ limit: 5 })).toHaveLength(1);
  });

  it.each([
    ['a skill nobody knows', { skill: 'nothing' }, 'not_found', /no skill called nothing/],
    ['an input it does not take', { input: { surprise: 1 } }, 'invalid_input', /surprise/],
    ['somebody without the right', { principal: person('vic', 'viewer') }, 'not_allowed', /does not include/],
    [
      'a place where outsiders read',
      { place: { ...place, internalOnly: false } },
      'wrong_audience',
      /outside the company/,
    ],
  ])('%s is refused in words and leaves no run', async (_, over, code, words) => {
    const psi = open();
    await expect(psi.engine.start(request('asking', over))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(words),
    });
    expect(await psi.engine.list({ limit: 5 })).toEqual([]);
  });

  it('does not wait longer than asked for, and tells the end in its place then', async () => {
    const psi = open((d) => [
      askingSkill(d, {
        steps: [
          {
            name: 'slow',
            title: 'Slow',
            run: async () => {
              await new Promise((resolve) => setTimeout(resolve, 80));
              return { kind: 'done', result: {} };
            },
          },
        ],
        summarize: () => 'Done at last.',
      }),
    ]);
    const run = await psi.engine.start(request('asking', { waitMs: 10 }));
    expect(run.state).toBe('running');
    await psi.pending.drained();
    expect(psi.told.map((end) => end.text)).toEqual(['Done at last.']);
  });
});

describe('a step that fails', () => {
  it('within its own time ends the run with a reference, and a start by the same key goes on there', async () => {
    let slow = true;
    const psi = open((d) => {
      const skill = askingSkill(d, {
        during: async (step) => {
          if (step === 'gather' || !slow) return;
          await new Promise((resolve) => setTimeout(resolve, 500));
        },
      });
      return [{ ...skill, steps: skill.steps.map((step) => ({ ...step, timeoutMs: 50 })) }];
    });
    const failed = await psi.engine.start(request('asking'));
    expect(failed).toMatchObject({ state: 'failed', step: 'ask' });
    expect(failed.summary).toMatch(/took too long.*ref-/);
    slow = false;
    const again = await psi.engine.start(request('asking'));
    expect(again).toMatchObject({ id: failed.id, state: 'parked' });
    expect(deeds.attempts.filter((key) => key.endsWith(':gather'))).toHaveLength(1);
  });

  it('never shows what was thrown', async () => {
    const psi = open((d) => [
      askingSkill(d, {
        during: async () => {
          throw new Error('password hunter2 at /etc/secret');
        },
      }),
    ]);
    const run = await psi.engine.start(request('asking'));
    expect(run.state).toBe('failed');
    expect(run.summary).not.toMatch(/hunter2|etc/);
  });
});

describe('stopping', () => {
  it('ends it for good and takes back what had begun, newest first', async () => {
    const psi = open();
    const { id } = await psi.engine.start(request('asking'));
    const run = await psi.engine.stop(id, fay);
    expect(run).toMatchObject({ state: 'stopped', summary: 'Stopped by fay at "Step ask".' });
    expect(deeds.takenBack).toEqual(['ask', 'gather']);
    for (const row of ids(id)) await house.outside.settle(row, 'applied');
    await psi.pending.drained();
    expect((await psi.engine.start(request('asking'))).state).toBe('stopped');
    expect(deeds.steps).not.toContain('report');
  });

  it('is not for everybody', async () => {
    const psi = open();
    const { id } = await psi.engine.start(request('asking'));
    await expect(psi.engine.stop(id, person('sam', 'analyst'))).rejects.toMatchObject({
      code: 'not_allowed',
    });
  });

  it('by the signal of whoever asked leaves a run that can be begun again', async () => {
    const controller = new AbortController();
    const psi = open((d) => [
      askingSkill(d, {
        during: async (step) => {
          if (step === 'gather') controller.abort();
        },
      }),
    ]);
    const run = await psi.engine.start(request('asking', { signal: controller.signal }));
    expect(run).toMatchObject({ state: 'stopped', summary: 'Stopped before it was done.' });
  });
});

describe('another version of Psi', () => {
  it.each([
    ['without the skill', () => [], /no skill called asking/],
    [
      'where the step has another name',
      (d: Deeds) => {
        const skill = askingSkill(d);
        return [
          {
            ...skill,
            steps: skill.steps.map((step) => (step.name === 'ask' ? { ...step, name: 'request' } : step)),
          },
        ];
      },
      /step ask, which asking does not have/,
    ],
    [
      'where a step further on is gone',
      (d: Deeds) => {
        const skill = askingSkill(d);
        return [{ ...skill, steps: skill.steps.slice(1) }];
      },
      null,
    ],
  ])('%s says at once that the run is lost, or goes on with it', async (_, make, words) => {
    const psi = open();
    const { id } = await psi.engine.start(request('asking'));
    psi.die();
    const next = house.begin({ skills: make(deeds) });
    await next.engine.resumeAll();
    const [run] = await next.engine.list({ limit: 1 });
    expect(run?.id).toBe(id);
    if (words === null) expect(run?.state).toBe('parked');
    else {
      expect(run?.state).toBe('failed');
      expect(run?.summary).toMatch(words);
      expect(next.told).toHaveLength(1);
    }
  });
});

describe('rights', () => {
  it('are those of the starter now: who lost them meanwhile gets nothing more done', async () => {
    const psi = open();
    const { id } = await psi.engine.start(request('asking'));
    house.members.set('fay', { ...fay, roles: ['viewer'] });
    for (const row of ids(id)) await house.outside.settle(row, 'applied');
    await psi.pending.drained();
    const [run] = await psi.engine.list({ limit: 1 });
    expect(run).toMatchObject({ state: 'failed' });
    expect(run?.summary).toMatch(/no right/);
    expect(deeds.steps).not.toContain('report');
  });
});
