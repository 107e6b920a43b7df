import type { Receiver, Sender } from 'rhea';

/** Error conditions that the service answers with and the SDKs know. */
export const condition = {
  notFound: 'amqp:not-found',
  unauthorized: 'amqp:unauthorized-access',
  outOfRange: 'com.microsoft:argument-out-of-range',
  stolen: 'amqp:link:stolen',
  tooManyReceivers: 'amqp:resource-limit-exceeded',
  tooLarge: 'amqp:link:message-size-exceeded',
  malformed: 'amqp:decode-error',
  invalidField: 'amqp:invalid-field',
  internal: 'amqp:internal-error',
} as const;

/** Ends a link with an error that the client sees. */
export function refuse(link: Sender | Receiver, name: (typeof condition)[keyof typeof condition], text: string): void {
  link.close({ condition: name, description: text });
}

export function refuseUnknown(link: Sender | Receiver, address: string): void {
  refuse(link, condition.notFound, `The messaging entity '${address.slice(0, 200)}' could not be found.`);
}

export function refusePartition(link: Sender | Receiver, partitions: number): void {
  const text = 'The specified partition is invalid for an EventHub partition sender or receiver.';
  refuse(link, condition.outOfRange, `${text} It should be between 0 and ${partitions - 1}.`);
}

export function refuseClaim(link: Sender | Receiver, claim: string): void {
  const text = `Unauthorized access. '${claim}' claim(s) are required to perform this operation.`;
  refuse(link, condition.unauthorized, text);
}

/** The text of an address field, whatever a peer put there. */
export function addressText(terminus: unknown): string {
  const address = (terminus as { address?: unknown } | undefined)?.address;
  return typeof address === 'string' ? address : '';
}
