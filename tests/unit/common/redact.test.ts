import { expect, test } from '@jest/globals';
import { redact } from '../../../common/redact';

test.each([
  ['Endpoint=sb://x;SharedAccessKeyName=Root;SharedAccessKey=abc+/=;EntityPath=e', 'abc+/='],
  ['AccountName=a;AccountKey=c2VjcmV0;BlobEndpoint=http://x', 'c2VjcmV0'],
  ['https://a.dfs.core.windows.net/f?sv=1&sig=s3cr3t%3D&se=2', 's3cr3t%3D'],
  ['{"username":"sa","password":"hunter2"}', 'hunter2'],
  ['Authorization: Bearer eyJhbGciOi.eyJzdWIi.sig_x', 'eyJhbGciOi'],
])('redact hides the secret in %#', (text, secret) => {
  expect(redact(text)).not.toContain(secret);
});

test('redact keeps what is no secret', () => {
  expect(redact('Endpoint=sb://127.0.0.1:7400;SharedAccessKeyName=Root')).toBe(
    'Endpoint=sb://127.0.0.1:7400;SharedAccessKeyName=Root',
  );
});
