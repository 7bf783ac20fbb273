import type { Ports, SkillRunSummary, SkillRuns } from '../domain/ports.ts';
import type { Company, Json } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { ToolRunner } from '../tools/tool-call.ts';
import type { Skill, StepResults } from './define-skill.ts';

/** Runs a skill's steps one after the other in this process; for skills that keep their own state and never park. */
export function createInlineRuns(parts: {
  skills(): readonly Skill[];
  ports(): Ports;
  runner(): ToolRunner;
  company: Company;
  clock: Clock;
}): SkillRuns {
  const refuse = () => Promise.reject(new UserError('unsupported', 'This run cannot propose a batch.'));
  return {
    skills: () => parts.skills().map(({ name, scope }) => ({ name, description: name, scope })),
    async start({ skill: name, input, principal, place, key, signal }): Promise<SkillRunSummary> {
      const skill = parts.skills().find((one) => one.name === name);
      if (!skill) throw new UserError('not_found', `There is no skill called ${name}.`);
      const startedAt = parts.clock.now();
      const done: { [step: string]: { [key: string]: Json } } = {};
      const results: StepResults = done;
      for (const step of skill.steps) {
        const outcome = await step.run(skill.input.parse(input), {
          ...parts.ports(),
          runId: key,
          principal,
          place,
          company: parts.company,
          clock: parts.clock,
          signal,
          done: results,
          key: `${key}:${step.name}`,
          call: (tool, wanted) =>
            parts.runner().run({ tool: tool.name, input: wanted, principal, place, signal }),
          proposeBatch: refuse,
          getBatch: async () => null,
        });
        if (outcome.kind === 'park') throw new SystemError('internal', `${name} would park`);
        done[step.name] = outcome.result;
      }
      return {
        id: newId('run'),
        skill: name,
        state: 'done',
        step: skill.steps.at(-1)?.name ?? null,
        starterName: principal.name,
        startedAt,
        endedAt: parts.clock.now(),
        summary: skill.summarize(results),
      };
    },
    list: async () => [],
  };
}
