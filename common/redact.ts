/** Removes secrets (keys, passwords, tokens, SAS signatures) from a text that may reach a log or an error. */
export function redact(text: string): string {
  return text
    .replace(/((?:SharedAccessKey|AccountKey|SharedAccessSignature|Password|Pwd)\s*=\s*)[^;"'\s]+/gi, '$1***')
    .replace(/([?&]sig=)[^&\s"']+/gi, '$1***')
    .replace(/("(?:password|accountKey|sharedAccessKey)"\s*:\s*")[^"]*/gi, '$1***')
    .replace(/(Bearer\s+)[A-Za-z0-9._~+/=-]+/g, '$1***');
}
