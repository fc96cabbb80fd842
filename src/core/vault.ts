/** Where a secret belongs. It is bound there: moved to another place it does not open. */
export interface SecretPlace {
  /** Absent for what belongs to the installation. */
  userId?: string;
  service: string;
  account: string;
}

export type KeyBackend = "environment" | "keychain" | "file";

export interface VaultKeyState {
  id: string;
  backend: KeyBackend;
  current: boolean;
  createdAt: Date;
  /** How many secrets it opens. */
  secrets: number;
}

export interface VaultCheck {
  /** Secrets that open. */
  readable: number;
  /** Those that do not, and why. */
  unreadable: { service: string; account: string; userId: string | undefined; why: string }[];
}

/**
 * Secrets at rest. Each has a data key of its own, which the master key wraps; that one lies elsewhere.
 * A key that is missing, locked or wrong is always an error, and never an absent secret.
 */
export interface Vault {
  /** Undefined only where nothing was ever kept. @throws AppError unavailable when it does not open */
  read(place: SecretPlace): Promise<string | undefined>;
  /** Keeps a secret; the master key is made at the first one. */
  write(place: SecretPlace, secret: string): Promise<void>;
  /** Gives whether there was one. Needs no key. */
  remove(place: SecretPlace): Promise<boolean>;
  /** The accounts under which the installation itself keeps secrets of a service. Needs no key. */
  names(service: string): Promise<string[]>;
  keys(): Promise<VaultKeyState[]>;
  /** Whether its key is to be had. A vault that has none yet is fine. */
  isOpen(): Promise<boolean>;
  /** Opens every secret once. */
  check(): Promise<VaultCheck>;
  /**
   * Wraps everything with a new master key, while others go on reading and writing. One that broke off is finished by
   * the next.
   * @param backend where the new key shall lie; the present place unless told
   * @throws AppError unavailable, invalid_parameters, conflict
   */
  rotate(backend?: KeyBackend): Promise<Rotation>;
  /** For a key that is lost: forgets what does not open, and begins with a new key. Gives how many secrets went. */
  reset(): Promise<{ forgotten: number; key: VaultKeyState | undefined }>;
}

export interface Rotation {
  key: VaultKeyState;
  /** Secrets that lie under the new key now. */
  rewrapped: number;
  /** Secrets that did not open. They stay under their old key, which stays too. */
  left: number;
  /** Old keys that are gone. */
  forgotten: string[];
}
