import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generate } from 'selfsigned';

export interface Certificate {
  readonly key: Buffer;
  readonly certificate: Buffer;
  readonly certificatePath: string;
}

const yearMs = 365 * 24 * 3600 * 1000;
const dayMs = 24 * 3600 * 1000;

/**
 * The self-signed certificate of the TLS listener for localhost, 127.0.0.1 and ::1, made on first use and again before it ends.
 * `<root>/certificate.pem` can be given to clients as their CA; `<root>/key.pem` has mode 0600.
 */
export async function serverCertificate(root: string): Promise<Certificate> {
  const certificatePath = path.join(root, 'certificate.pem');
  const keyPath = path.join(root, 'key.pem');
  if (existsSync(certificatePath) && existsSync(keyPath)) {
    const certificate = readFileSync(certificatePath);
    if (isCurrent(certificate)) return { key: readFileSync(keyPath), certificate, certificatePath };
  }
  mkdirSync(root, { recursive: true });
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - dayMs),
    notAfterDate: new Date(Date.now() + yearMs),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  replace(keyPath, pems.private, 0o600);
  replace(certificatePath, pems.cert, 0o644);
  return { key: Buffer.from(pems.private), certificate: Buffer.from(pems.cert), certificatePath };
}

function isCurrent(pem: Buffer): boolean {
  try {
    return Date.parse(new X509Certificate(pem).validTo) > Date.now() + 7 * dayMs;
  } catch {
    return false;
  }
}

function replace(file: string, content: string, mode: number): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode });
  chmodSync(temporary, mode);
  renameSync(temporary, file);
}
