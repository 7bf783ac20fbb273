import type { KeyValueStore } from '../core/types.ts';
import { compromised, garbage, liar } from './adversaries.ts';
import type { ChatRequest, ModelTurn } from './chat.ts';
import { type ModelSetting, modelSettingSchema } from './setting.ts';

export interface SimulatedModel {
  set(setting: ModelSetting): void;
  setting(): ModelSetting;
  isOn(): boolean;
  /** The next thing it does. Null when it is off. A script that has run out says so. */
  next(request: ChatRequest): ModelTurn | null;
}

const OFF: ModelSetting = { off: true };

/** The scripted or adversarial model; its setting survives a restart, a script goes on where it was. */
export function createSimulatedModel(keep: KeyValueStore): SimulatedModel {
  const saved = modelSettingSchema.safeParse(keep.all('model')[0]?.value);
  let setting = saved.success ? saved.data : OFF;
  let position = 0;
  let asked = 0;

  return {
    set(next) {
      setting = next;
      position = 0;
      asked = 0;
      keep.set('model', 'setting', next);
    },
    setting: () => setting,
    isOn: () => setting.off !== true,
    next(request) {
      if (setting.script !== undefined) {
        const step = setting.script[position];
        position += 1;
        return step === undefined
          ? { text: 'The script has no more answers.' }
          : {
              text: step.text,
              toolCalls: step.tool_calls,
              error: step.error,
              retryAfter: step.retry_after,
              finishReason: step.finish_reason,
            };
      }
      if (setting.adversary === 'compromised') return compromised(request);
      if (setting.adversary === 'liar') return liar(request);
      if (setting.adversary !== 'garbage') return null;
      asked += 1;
      return garbage(request, asked - 1);
    },
  };
}
