/** A person's own account at a service, opened for one call. */
export interface Connection {
  /** The person's name for the account. */
  account: string;
  /** The service's own id of the account, where it is known. */
  subject?: string;
  /** Whether it is the installation's own, by a token among the settings. */
  isInstallation?: true;
  /** What the service granted. */
  scopes: readonly string[];
  /**
   * A token that is good now.
   * @param options.renew the service refused the last one, so it is not to be given again
   * @throws AppError auth_required when the service renews it no more
   */
  accessToken(options?: { renew?: boolean }): Promise<string>;
}
