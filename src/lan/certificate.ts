import { createHash, createPublicKey, type KeyObject, randomBytes, sign, type X509Certificate } from "node:crypto";

/** What a certificate says. Names are DNS names, addresses, or in an authority also networks such as "10.0.0.0/24". */
export interface CertificateContent {
  subject: string;
  publicKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
  issuer: string;
  issuerKey: KeyObject;
  /** An authority that may sign for these names alone, or a server with these names. */
  kind: "authority" | "server";
  names: readonly string[];
}

const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const commonName = "2.5.4.3";
const serverAuth = "1.3.6.1.5.5.7.3.1";

/** Makes an X.509 certificate, signed by ECDSA with SHA-256. Gives its PEM. */
export async function makeCertificate(content: CertificateContent): Promise<string> {
  const [{ AsnConvert, OctetString }, asn] = await Promise.all([
    import("@peculiar/asn1-schema"),
    import("@peculiar/asn1-x509"),
  ]);
  const name = (text: string) =>
    new asn.Name([
      new asn.RelativeDistinguishedName([
        new asn.AttributeTypeAndValue({ type: commonName, value: new asn.AttributeValue({ utf8String: text }) }),
      ]),
    ]);
  const general = content.names.map(
    (each) => new asn.GeneralName(isAddress(each) ? { iPAddress: each } : { dNSName: each }),
  );
  const extension = (extnID: string, critical: boolean, value: unknown) =>
    new asn.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
  const own =
    content.kind === "authority"
      ? [
          extension(asn.id_ce_basicConstraints, true, new asn.BasicConstraints({ cA: true, pathLenConstraint: 0 })),
          extension(
            asn.id_ce_keyUsage,
            true,
            new asn.KeyUsage(asn.KeyUsageFlags.keyCertSign | asn.KeyUsageFlags.cRLSign),
          ),
          // Its constraints say nothing of other kinds of names, such as mail addresses; this keeps it from those.
          extension(asn.id_ce_extKeyUsage, false, new asn.ExtendedKeyUsage([serverAuth])),
          extension(
            asn.id_ce_nameConstraints,
            true,
            new asn.NameConstraints({
              permittedSubtrees: new asn.GeneralSubtrees(general.map((base) => new asn.GeneralSubtree({ base }))),
            }),
          ),
        ]
      : [
          extension(asn.id_ce_basicConstraints, true, new asn.BasicConstraints({ cA: false })),
          extension(asn.id_ce_keyUsage, true, new asn.KeyUsage(asn.KeyUsageFlags.digitalSignature)),
          extension(asn.id_ce_extKeyUsage, false, new asn.ExtendedKeyUsage([serverAuth])),
          extension(asn.id_ce_subjectAltName, false, new asn.SubjectAlternativeName(general)),
        ];
  const algorithm = new asn.AlgorithmIdentifier({ algorithm: ecdsaWithSha256 });
  const tbsCertificate = new asn.TBSCertificate({
    version: asn.Version.v3,
    serialNumber: serial(),
    signature: algorithm,
    issuer: name(content.issuer),
    validity: new asn.Validity({ notBefore: content.notBefore, notAfter: content.notAfter }),
    subject: name(content.subject),
    subjectPublicKeyInfo: AsnConvert.parse(spkiOf(content.publicKey), asn.SubjectPublicKeyInfo),
    extensions: new asn.Extensions([
      ...own,
      extension(asn.id_ce_subjectKeyIdentifier, false, new asn.SubjectKeyIdentifier(keyId(content.publicKey))),
      extension(
        asn.id_ce_authorityKeyIdentifier,
        false,
        new asn.AuthorityKeyIdentifier({
          keyIdentifier: new asn.KeyIdentifier(keyId(createPublicKey(content.issuerKey))),
        }),
      ),
    ]),
  });
  const signatureValue = sign("sha256", Buffer.from(AsnConvert.serialize(tbsCertificate)), content.issuerKey);
  const certificate = new asn.Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: bytesOf(signatureValue),
  });
  return pem(Buffer.from(AsnConvert.serialize(certificate)));
}

/** The names that an authority may sign for. */
export async function permittedNames(certificate: X509Certificate): Promise<string[]> {
  const [{ AsnConvert }, asn] = await Promise.all([import("@peculiar/asn1-schema"), import("@peculiar/asn1-x509")]);
  const { tbsCertificate } = AsnConvert.parse(certificate.raw, asn.Certificate);
  const found = tbsCertificate.extensions?.find(({ extnID }) => extnID === asn.id_ce_nameConstraints);
  if (!found) return [];
  const { permittedSubtrees } = AsnConvert.parse(found.extnValue.buffer, asn.NameConstraints);
  return [...(permittedSubtrees ?? [])].flatMap(({ base }) => base.dNSName ?? base.iPAddress ?? []);
}

/** The names that a server's certificate is for. */
export const namesOf = ({ subjectAltName = "" }: X509Certificate): string[] =>
  subjectAltName.split(", ").map((each) => each.replace(/^(DNS|IP Address):/, ""));

/** SHA-256 of the public key, as apps pin it: base64url. */
export const pinOf = (certificate: X509Certificate): string =>
  createHash("sha256").update(spkiOf(certificate.publicKey)).digest("base64url");

const isAddress = (name: string): boolean => /^[\d.]+(\/\d+)?$|:/.test(name);

const spkiOf = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });

const keyId = (key: KeyObject): ArrayBuffer =>
  bytesOf(createHash("sha256").update(spkiOf(key)).digest().subarray(0, 20));

const bytesOf = (buffer: Uint8Array): ArrayBuffer => new Uint8Array(buffer).buffer;

/** Positive and never zero in front, whatever the random bytes are. */
function serial(): ArrayBuffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytesOf(bytes);
}

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{64}/g, "$&\n").trimEnd()}\n-----END CERTIFICATE-----\n`;
