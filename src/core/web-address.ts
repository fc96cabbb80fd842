/** An address that a browser may open. What anybody wrote into the map is not trusted further. */
export function webAddress(text: string | undefined): URL | undefined {
  const given = text?.split(";")[0]?.trim() ?? "";
  const url = URL.parse(/^(www\.)[\w.-]+/.test(given) ? `https://${given}` : given);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return undefined;
  return url;
}
