import type { Catalog, CommitInput } from '#server/catalog/catalog.ts';
import type { LandInput, LandOutcome } from '#server/catalog/merge/outcome.ts';
import type { Ref } from '#server/catalog/model.ts';
import { dottedName } from '#shared/refs/dotted-name.ts';
import type { HookBus, HookFacts, HookSubject } from './hook-bus.ts';

/** Keys that a notice names at most; how many there are is told too. */
const TOLD = 1000;

/** The catalog, with hooks asked before and told after everything that moves a ref. Dry runs are nobody's business. */
export function hookedCatalog(catalog: Catalog, hooks: HookBus): Catalog {
  const around = async <T>(
    subject: HookSubject,
    facts: HookFacts,
    work: () => Promise<T>,
    outcome: (result: T) => Readonly<Record<string, unknown>> | null,
  ): Promise<T> => {
    await hooks.before(subject, facts);
    const result = await work();
    const told = outcome(result);
    if (told !== null) await hooks.after(subject, { ...facts, detail: { ...facts.detail, ...told } });
    return result;
  };
  const land = async <I extends LandInput>(
    action: string,
    input: I,
    detail: Readonly<Record<string, unknown>>,
    work: (input: I) => Promise<LandOutcome>,
  ): Promise<LandOutcome> => {
    if (input.dryRun === true) return work(input);
    const { branch: ref, author = '', message } = input;
    return around('merge', { ref, action, author, message, detail }, () => work(input), landed);
  };
  const moveRef = async <T>(
    action: string,
    name: string,
    { author = '', message }: { readonly author?: string; readonly message?: string },
    detail: Readonly<Record<string, unknown>>,
    work: () => Promise<T>,
    type?: Ref['type'],
  ): Promise<T> => {
    const subject = (type ?? (await catalog.getRef(name)).type) === 'TAG' ? 'tag' : 'branch';
    return around(subject, { ref: name, action, author, message, detail }, work, () => ({}));
  };
  return {
    ...catalog,
    commit: async (input) =>
      around(
        'commit',
        {
          ref: input.branch,
          action: 'commit',
          author: input.author,
          message: input.message,
          detail: changed(input),
        },
        () => catalog.commit(input),
        ({ hash, parents }) => ({ hash, parents }),
      ),
    merge: async (input) =>
      land(input.strategy === 'SQUASH' ? 'squash' : 'merge', input, { from: input.from }, (given) =>
        catalog.merge(given),
      ),
    cherryPick: async (input) =>
      land('cherry-pick', input, { commits: input.commits }, (given) => catalog.cherryPick(given)),
    revert: async (input) =>
      land('revert', input, { commits: input.commits }, (given) => catalog.revert(given)),
    rebase: async (input) => land('rebase', input, { onto: input.onto }, (given) => catalog.rebase(given)),
    createRef: async (input) =>
      moveRef('create', input.name, input, { hash: input.hash }, () => catalog.createRef(input), input.type),
    deleteRef: async (input) => moveRef('delete', input.name, input, {}, () => catalog.deleteRef(input)),
    renameRef: async (input) =>
      moveRef('rename', input.name, input, { to: input.to }, () => catalog.renameRef(input)),
    assignRef: async (input) =>
      moveRef('assign', input.name, input, { hash: input.hash }, () => catalog.assignRef(input)),
    restore: async (input) => {
      // What is no id finds nothing; nor can a store look for it.
      if (!/^\d{1,18}$/.test(input.entry)) return catalog.restore(input);
      const before = String(BigInt(input.entry) + 1n);
      const { entries } = await catalog.reflog({ before, limit: 1 });
      const [entry] = entries;
      if (entry?.id !== input.entry) return catalog.restore(input);
      const detail = { entry: entry.id, hash: entry.before };
      return moveRef('restore', entry.ref, input, detail, () => catalog.restore(input), entry.type);
    },
    protectRef: async (input) =>
      moveRef('protect', input.name, input, { protection: input.protection }, () =>
        catalog.protectRef(input),
      ),
  };
}

function landed({ applied, outcome, before, after, commits }: LandOutcome) {
  if (!applied) return null;
  return { outcome, before, after, commits: commits.slice(-TOLD).map(({ hash }) => hash) };
}

function changed({ operations }: CommitInput): Readonly<Record<string, unknown>> {
  const changes = operations.slice(0, TOLD).map(({ kind, key, ...rest }) => ({
    kind,
    key: dottedName(key),
    ...('content' in rest ? { type: rest.content.type } : {}),
  }));
  return { changes, changeCount: operations.length };
}
