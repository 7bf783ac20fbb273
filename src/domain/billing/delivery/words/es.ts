import type { DeliveryWords } from './words.ts';

export const es: DeliveryWords = {
  subject: ({ number, seller, amount }) => `Factura ${number} de ${seller}: ${amount}`,
  greeting: (name) => `Hola, ${name}:`,
  attached: ({ number, from, to }) =>
    `adjuntamos la factura ${number} del periodo del ${from} al ${to}, en PDF.`,
  due: (on) => `Le rogamos que la pague antes del ${on}.`,
  charged: 'El importe se carga al método de pago registrado; no tiene que hacer nada.',
  settled: 'No queda nada por pagar.',
  invoice: 'Factura',
  amount: 'Importe',
  dueOn: 'Vencimiento',
  period: 'Periodo',
  portal: 'Ver y pagar la factura en línea',
  questions: (address) =>
    address === null
      ? 'Si algo no es correcto, responda a este mensaje.'
      : `Si algo no es correcto, responda a este mensaje o escriba a ${address}.`,
  closing: 'Un cordial saludo',
};
