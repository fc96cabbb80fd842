/** The page that helps to install the authority. Both values come from our own certificate. */
export const installPage = ({ fingerprint, url }: { fingerprint: string; url: string }): string =>
  page(
    "Trust this computer",
    `<p>This daemon has a certificate authority of its own. Whoever installs it sees no warning at <code>${url}</code>. It
can vouch for this computer's own names and its own network only, never for other sites.</p>
<h2>1. Compare</h2>
<p>Run <code>mcqueen lan status</code> on the computer. The SHA-256 fingerprint of the authority there must be this one,
and the same again in what the phone shows before it installs:</p>
<pre>${(fingerprint.match(/.{1,24}/g) ?? []).join("\n")}</pre>
<p>Until you have compared, somebody else in this network could have sent you this page.</p>
<h2>2. Get it</h2>
<p><a href="/lan/ca.crt">mcqueen-ca.crt</a></p>
<h2>3. Install it</h2>
<ul>
<li><b>iPhone, iPad</b>: Settings, General, VPN &amp; Device Management, the profile, Install. Then Settings, General, About,
Certificate Trust Settings, and switch it on.</li>
<li><b>Android</b>: Settings, Security, Encryption &amp; credentials, Install a certificate, CA certificate.</li>
<li><b>macOS</b>: open it, add it to the login keychain, then Trust, Always Trust.</li>
<li><b>Windows</b>: open it, Install Certificate, Current User, Trusted Root Certification Authorities.</li>
<li><b>Linux</b>: <code>curl --cacert mcqueen-ca.crt</code>, or in the browser's settings under Certificates, Authorities.</li>
</ul>`,
  );

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}pre{font-size:1rem}</style>
</head><body><h1>${title}</h1>
${body}
</body></html>
`;
