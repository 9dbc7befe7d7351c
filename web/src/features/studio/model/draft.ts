/** A form's copy of something on the server: what was changed, and against which version. */
import { useState } from "react";

type Versioned = { version: number };

export type Draft<Source extends Versioned, Fields extends object> = {
  fields: Fields;
  set: <Name extends keyof Fields>(name: Name, value: Fields[Name]) => void;
  /** Only what differs from the server's state. */
  changes: Partial<Fields>;
  dirty: boolean;
  /** The server's state the changes are based on. */
  base: Source;
  /** Starts over from this state of the server. */
  reset: (source: Source) => void;
};

/** The draft follows the server as long as nothing was changed in it. */
export function useDraft<Source extends Versioned, Fields extends object>(
  source: Source,
  read: (source: Source) => Fields,
): Draft<Source, Fields> {
  const [state, setState] = useState({ base: source, fields: read(source) });
  const changes = differences(read(state.base), state.fields);
  const dirty = Object.keys(changes).length > 0;
  if (!dirty && source.version > state.base.version) setState({ base: source, fields: read(source) });
  return {
    fields: state.fields,
    set: (name, value) => setState(({ base, fields }) => ({ base, fields: { ...fields, [name]: value } })),
    changes,
    dirty,
    base: state.base,
    reset: (next) => setState({ base: next, fields: read(next) }),
  };
}

export function differences<Fields extends object>(before: Fields, after: Fields): Partial<Fields> {
  const changed: Partial<Fields> = {};
  for (const name of Object.keys(after) as (keyof Fields)[]) {
    if (JSON.stringify(before[name]) !== JSON.stringify(after[name])) changed[name] = after[name];
  }
  return changed;
}
