/** What somebody says, the tool and action that they mean, and the parameters; no tool where nothing fits. */
export type Phrase = readonly [said: string, meant: string | undefined, parameters?: Record<string, unknown>];
