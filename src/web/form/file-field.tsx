import type { InputIds } from "./field.tsx";

/** A file as the daemon takes it, its content in base64. */
export interface SentFile {
  name: string;
  type: string;
  content: string;
}

/** Files of this phone, as base64 with name and type. */
export function FileField({ ids, value, onChange }: { ids: InputIds; value: unknown; onChange(value: unknown): void }) {
  const files = Array.isArray(value) ? (value as SentFile[]) : [];
  return (
    <div class="many">
      {files.length > 0 && (
        <ul class="chips">
          {files.map((file, at) => (
            <li key={file.name}>
              <bdi>{file.name}</bdi>
              <button type="button" aria-label={`Remove ${file.name}`} onClick={() => onChange(files.toSpliced(at, 1))}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        {...ids}
        type="file"
        multiple
        onChange={async (event) => {
          const input = event.currentTarget;
          const chosen = await Promise.all([...(input.files ?? [])].map(readFile));
          // They stand above from now on, and the same one can be chosen again.
          input.value = "";
          onChange([...files, ...chosen]);
        }}
      />
    </div>
  );
}

async function readFile(file: File): Promise<SentFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  // In pieces, since a function takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return { name: file.name, type: file.type || "application/octet-stream", content: btoa(text) };
}
