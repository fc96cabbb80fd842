const yes = /\b(yes|yeah|yep|sure|okay|ok|confirm|confirmed|correct|do it|go ahead|please do)\b/;
const no = /\b(no|nope|not|don['’]?t|never|stop|cancel|wait|wrong)\b/;

/** True for a clear yes, false for a no, undefined for anything else: then nothing is done. */
export function understandYes(heard: string): boolean | undefined {
  const said = heard.toLowerCase();
  if (no.test(said)) return false;
  return yes.test(said) && said.split(/\s+/).length <= 6 ? true : undefined;
}
