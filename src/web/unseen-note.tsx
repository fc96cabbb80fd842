import { holdsUnseen } from "./safe-link.ts";

/** Says that values differ from what is shown of them, to whoever says yes to exactly these values. */
export function UnseenNote({ of }: { of: unknown }) {
  if (!holdsUnseen(of)) return null;
  return <p class="warn">Some of these values hold signs that cannot be seen. They are left out here.</p>;
}
