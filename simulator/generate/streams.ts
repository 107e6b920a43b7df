/** Each kind of thing draws from its own random streams, so a change in one leaves the others as they were. */
export const Stream = { patient: 1, organization: 2, organizationRow: 3, payer: 4 } as const;
