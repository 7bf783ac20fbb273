import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import type { Approval } from '../../approvals/types.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Json } from '../../domain/types.ts';
import { clip, mrkdwn, section, visible } from './blocks.ts';
import { modal } from './receipt.ts';

export const VIEWS = { edit: 'approval.edit.submit', typedAmount: 'approval.typed_amount.submit' } as const;

/** The part of JSON Schema (as zod writes it) that an input block can show. */
const propertySchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  description: z.string().optional(),
});
const objectSchema = z.looseObject({
  properties: z.record(z.string(), propertySchema).default({}),
  required: z.array(z.string()).default([]),
});

export type InputSchema = z.infer<typeof objectSchema>;

export function parseInputSchema(jsonSchema: unknown): InputSchema {
  return objectSchema.parse(jsonSchema);
}

/** A modal generated from the tool's own input schema, filled with the proposal's arguments. */
export function editModal(approval: Approval, schema: InputSchema): ModalView {
  const inputs = Object.entries(schema.properties).map(([name, property]) =>
    inputBlock(
      name,
      noted(name, property, approval),
      approval.arguments[name] ?? null,
      !schema.required.includes(name),
    ),
  );
  return modal('Edit the proposal', [section(`*${mrkdwn(approval.plan.title)}*`), ...inputs], {
    callback_id: VIEWS.edit,
    private_metadata: approval.id,
    submit: { type: 'plain_text', text: 'Propose this instead' },
  });
}

type Property = z.infer<typeof propertySchema> & { placeholder?: string };

/** What the proposal knows of a field: whom an id means, what an amount left empty comes to. */
function noted(name: string, property: Property, { plan, arguments: given }: Approval): Property {
  const { customer, amount } = plan;
  if (customer !== null && given[name] === customer.id)
    return { ...property, description: `${visible(customer.name)} now. A name, domain or id` };
  if (name === 'amount' && amount !== null && given[name] === undefined)
    return { ...property, placeholder: `${formatMoney(amount)} now` };
  return property;
}

function inputBlock(name: string, property: Property, value: Json, optional: boolean): KnownBlock {
  const label = { type: 'plain_text' as const, text: words(name) };
  const hint = property.description
    ? { hint: { type: 'plain_text' as const, text: clip(property.description, 150) } }
    : {};
  const frame = { type: 'input' as const, block_id: name, label, optional, ...hint };
  if (property.enum) {
    const options = property.enum.map((choice) => ({
      text: { type: 'plain_text' as const, text: clip(words(choice), 75) },
      value: choice,
    }));
    const chosen = options.find((option) => option.value === value);
    return {
      ...frame,
      element: {
        type: 'static_select',
        action_id: name,
        options,
        ...(chosen ? { initial_option: chosen } : {}),
      },
    };
  }
  const initial = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return {
    ...frame,
    element: {
      type: 'plain_text_input',
      action_id: name,
      ...(initial ? { initial_value: clip(initial, 3000) } : {}),
      ...(property.placeholder
        ? { placeholder: { type: 'plain_text', text: clip(property.placeholder, 150) } }
        : {}),
    },
  };
}

/** What the form holds, shaped as the tool's input; empty optional fields are left out. */
export function inputFromForm(
  schema: InputSchema,
  values: Record<
    string,
    Record<string, { value?: string | null; selected_option?: { value: string } | null }>
  >,
): { [key: string]: Json } {
  const input: { [key: string]: Json } = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const field = values[name]?.[name];
    const text = (field?.selected_option?.value ?? field?.value ?? '').trim();
    if (text === '') continue;
    input[name] = asTyped(text, property.type);
  }
  return input;
}

/** The field to say it under: the one whose value the sentence names, else the first that was changed. */
export function fieldAtFault(
  schema: InputSchema,
  input: { [key: string]: Json },
  proposed: { [key: string]: Json },
  say: string,
): string {
  const names = Object.keys(schema.properties);
  const isNamed = (name: string) => typeof input[name] === 'string' && say.includes(`"${input[name]}"`);
  const isChanged = (name: string) => JSON.stringify(input[name]) !== JSON.stringify(proposed[name]);
  return names.find(isNamed) ?? names.find(isChanged) ?? names[0] ?? 'form';
}

function asTyped(text: string, type: string | string[] | undefined): Json {
  if (type === 'number' || type === 'integer') return Number(text);
  if (type === 'boolean') return /^(true|yes)$/i.test(text);
  if (type === 'object' || type === 'array') {
    try {
      return z.json().parse(JSON.parse(text)) as Json;
    } catch {
      return text;
    }
  }
  return text;
}

/** Asks whoever may decide their own request to type the amount, "$5.00". */
export function typedAmountModal(approval: Approval, amount: string): ModalView {
  const input: KnownBlock = {
    type: 'input',
    block_id: 'amount',
    label: { type: 'plain_text', text: `Type ${amount} to approve your own request` },
    element: { type: 'plain_text_input', action_id: 'amount' },
  };
  return modal('Approve your request', [section(`*${mrkdwn(approval.plan.title)}*`), input], {
    callback_id: VIEWS.typedAmount,
    private_metadata: approval.id,
    submit: { type: 'plain_text', text: 'Approve' },
  });
}

function words(name: string): string {
  const spaced = name.replaceAll('_', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
