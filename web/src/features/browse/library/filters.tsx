import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { genresQuery } from "@/features/browse/api/queries";
import { Select } from "@/shared/ui/select";
import { TextField } from "@/shared/ui/text-field";
import type { LibraryAddress, Order, View } from "./address";
import { librariesQuery } from "./queries";

/** Stands for "no filter" where a list needs something to choose. */
const ALL = "all";

/** In which order, and of which genre, year and library. */
export function Filter({ address, view, sort }: { address: LibraryAddress; view: View; sort: Order }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const go = (change: Partial<LibraryAddress>) =>
    void navigate({ to: "/library", search: { ...address, ...change }, replace: true });
  const orders: { id: Order; label: string }[] = [
    { id: "title", label: t`From A to Z` },
    { id: "newest", label: t`Last added` },
    ...(view === "albums" ? [{ id: "released" as const, label: t`Latest releases` }] : []),
    ...(view === "tracks" ? [{ id: "popular" as const, label: t`Most played` }] : []),
  ];
  const order = orders.some(({ id }) => id === sort) ? sort : "title";
  return (
    <div className="flex shrink-0 items-end gap-4 sm:shrink sm:flex-wrap">
      <Select
        label={t`Order`}
        options={orders}
        value={order}
        onChange={(id) => go({ sort: id === "title" ? undefined : id, from: undefined })}
        className="w-44"
      />
      {view === "artists" ? null : (
        <>
          <Genre value={address.genre} choose={(genre) => go({ genre })} />
          <Year value={address.year} choose={(year) => go({ year })} />
          <Libraries value={address.library} choose={(library) => go({ library })} />
        </>
      )}
    </div>
  );
}

type FieldProps = { value: string | undefined; choose: (value: string | undefined) => void };

function Genre({ value, choose }: FieldProps) {
  const { t } = useLingui();
  const genres = useQuery(genresQuery).data?.items ?? [];
  if (genres.length === 0) return null;
  return (
    <Select
      label={t`Genre`}
      options={[{ id: ALL, label: t`All genres` }, ...genres.map(({ id, name }) => ({ id, label: name }))]}
      value={value ?? ALL}
      onChange={(id) => choose(id === ALL ? undefined : id)}
      className="w-44"
    />
  );
}

function Libraries({ value, choose }: FieldProps) {
  const { t } = useLingui();
  const libraries = useQuery(librariesQuery).data ?? [];
  if (libraries.length < 2 && !value) return null;
  return (
    <Select
      label={t`Library`}
      options={[{ id: ALL, label: t`All libraries` }, ...libraries.map(({ id, name }) => ({ id, label: name }))]}
      value={value ?? ALL}
      onChange={(id) => choose(id === ALL ? undefined : id)}
      className="w-44"
    />
  );
}

/** Follows once there are four digits, or none. */
function Year({ value, choose }: FieldProps) {
  const { t } = useLingui();
  const [typed, setTyped] = useState(value ?? "");
  const change = (next: string) => {
    const digits = next.replace(/\D/g, "").slice(0, 4);
    setTyped(digits);
    if (/^[1-9]\d{3}$/.test(digits)) choose(digits);
    else if (digits === "" && value) choose(undefined);
  };
  return (
    <TextField
      label={t`Year`}
      inputMode="numeric"
      autoComplete="off"
      placeholder={t`Any`}
      value={typed}
      onChange={change}
      className="w-28"
    />
  );
}
