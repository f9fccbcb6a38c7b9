// Owns: what a credential looks like, by the published formats of those who issue them.
// Promises: one list for refusing credentials and for keeping them out of messages.
//           Every repetition before the end of a format is bounded, so that no text takes more than linear time.
// Must not: guess by entropy: a false alarm about a digest teaches people to ignore true ones.

const FORMATS: readonly RegExp[] = [
  // PEM, OpenSSH, PGP and PuTTY private keys; age identities.
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/,
  /PuTTY-User-Key-File-\d/,
  /AGE-SECRET-KEY-1[A-Z0-9]{20,}/,
  // AWS, Google, Azure, DigitalOcean, HashiCorp Vault.
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bAIza[A-Za-z0-9_-]{35}/,
  /\bya29\.[A-Za-z0-9_-]{20,}/,
  /\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{20,}={0,2}/,
  /\bdop_v1_[a-f0-9]{32,}/,
  /\bhv[sbr]\.[A-Za-z0-9_-]{20,}/,
  // GitHub, GitLab, npm, PyPI, Docker Hub, Hugging Face.
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_[A-Za-z0-9_]{22,}/,
  /\bgl(?:pat|rt|dt|ptt|soat)-[A-Za-z0-9_-]{20,}/,
  /\bnpm_[A-Za-z0-9]{36}/,
  /\bpypi-[A-Za-z0-9_-]{16,}/,
  /\bdckr_pat_[A-Za-z0-9_-]{20,}/,
  /\bhf_[A-Za-z0-9]{30,}/,
  // Slack, SendGrid, Stripe, Shopify, Twilio, model providers.
  /\bxox[abeposr](?:\.[a-z]{1,9})?-[A-Za-z0-9-]{10,}/,
  /\bxapp-\d-[A-Za-z0-9-]{20,}/,
  /hooks\.slack\.com\/services\/[A-Za-z0-9/]{20,}/,
  /\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,}/,
  /\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}/,
  /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/,
  /\bSK[a-f0-9]{32}\b/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  // JSON Web Tokens, and addresses with a password in them.
  /\beyJ[A-Za-z0-9_-]{8,400}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]*/,
  /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,100}:[^\s/@]{1,200}@[^\s"']*/i,
];

export function looksLikeCredential(text: string): boolean {
  return FORMATS.some((format) => format.test(text));
}

/** Each format with all that follows it in its word; a private key ends with the text. */
const WHOLE = FORMATS.map((format) => {
  const rest = format.source.startsWith("-----BEGIN") ? "[^]*" : "[^\\s\"']*";
  return new RegExp(`${format.source}${rest}`, `g${format.flags}`);
});

/** The same text with "…" where a credential stands: what a message may repeat. */
export function withoutCredentials(text: string): string {
  return WHOLE.reduce((result, format) => result.replace(format, "…"), text);
}
