// Owns: what a credential looks like, by the published formats of those who issue them.
// Promises: one list for refusing credentials and for keeping them out of messages.
// Must not: guess by entropy: a false alarm about a digest teaches people to ignore true ones.

const FORMATS: readonly RegExp[] = [
  // PEM, OpenSSH, PGP and PuTTY private keys; age identities.
  /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----/,
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
  /\bpypi-[A-Za-z0-9_-]{50,}/,
  /\bdckr_pat_[A-Za-z0-9_-]{20,}/,
  /\bhf_[A-Za-z0-9]{30,}/,
  // Slack, SendGrid, Stripe, Shopify, Twilio, model providers.
  /\bxox[abeposr](?:\.[a-z]+)?-[A-Za-z0-9-]{10,}/,
  /\bxapp-\d-[A-Za-z0-9-]{20,}/,
  /hooks\.slack\.com\/services\/[A-Za-z0-9/]{20,}/,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  /\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}/,
  /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/,
  /\bSK[a-f0-9]{32}\b/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  // JSON Web Tokens, and addresses with a password in them.
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@[^\s"']*/i,
];

export function looksLikeCredential(text: string): boolean {
  return FORMATS.some((format) => format.test(text));
}

/** The same text with "…" where a credential stands: what a message may repeat. */
export function withoutCredentials(text: string): string {
  return FORMATS.reduce((result, format) => {
    const rest = format.source.startsWith("-----BEGIN") ? "[^]*" : "[^\\s\"']*";
    return result.replace(new RegExp(`${format.source}${rest}`, `g${format.flags}`), "…");
  }, text);
}
