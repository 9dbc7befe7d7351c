import { useLingui } from "@lingui/react/macro";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { lazy, Suspense, useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { patient } from "@/shared/ui/patient";
import { type Suggested, useSuggestions } from "./suggested";

const Suggestions = lazy(patient(() => import("./suggestions").then((module) => ({ default: module.Suggestions }))));

/** How long typing must rest before anything is asked for. */
const REST_MS = 180;

export const SEARCH_BOX_ID = "search-box";

/** Results follow what is typed on the search page; on all others suggestions do, and the page stays. */
function useSearchText() {
  const navigate = useNavigate();
  const location = useLocation();
  const onSearchPage = location.pathname === "/search";
  const inAddress = onSearchPage ? String((location.search as { q?: string }).q ?? "") : "";
  const [text, setText] = useState(inAddress);
  const [rested, setRested] = useState("");
  const timer = useRef<number>(undefined);
  const typed = useRef(inAddress);

  useEffect(() => {
    // Moved by a link or the back button: the box follows; while one types, the box leads.
    if (inAddress !== typed.current) {
      typed.current = inAddress;
      setText(inAddress);
    }
  }, [inAddress]);

  const go = (query: string) => {
    window.clearTimeout(timer.current);
    typed.current = query;
    setRested("");
    void navigate({ to: "/search", search: query ? { q: query } : {}, replace: onSearchPage });
  };
  const change = (next: string) => {
    setText(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      if (onSearchPage) go(next.trim());
      else setRested(next.trim());
    }, REST_MS);
  };
  const clear = () => {
    window.clearTimeout(timer.current);
    setText("");
    setRested("");
  };
  return { text, change, go, clear, rested: onSearchPage ? "" : rested };
}

/** A combobox with a list box (WAI-ARIA): the focus stays in the field, and arrow keys go through what is suggested. */
export function SearchBox() {
  const { t } = useLingui();
  const { text, change, go, clear, rested } = useSearchText();
  const list = useId();
  const box = useRef<HTMLInputElement>(null);
  const [closed, setClosed] = useState(false);
  const [active, setActive] = useState(-1);
  const suggestions = useSuggestions(closed ? "" : rested);
  const open = suggestions.length > 0;
  const chosen = open ? suggestions[active] : undefined;
  const close = () => {
    setClosed(true);
    setActive(-1);
  };
  const choose = (one: Suggested) => {
    clear();
    box.current?.blur(); // the focus goes to the page that comes
    one.open();
  };

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const count = suggestions.length;
    if (event.key === "Escape" && open) close();
    else if (event.key === "Escape" && text) clear();
    else if (event.key === "ArrowDown" && open) setActive((at) => ((at + 2) % (count + 1)) - 1);
    else if (event.key === "ArrowUp" && open) setActive((at) => ((at + 1 + count) % (count + 1)) - 1);
    else if (event.key === "ArrowDown") setClosed(false);
    else return;
    event.preventDefault();
  }

  return (
    <form
      role="search"
      className="relative w-full max-w-lg"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen) return choose(chosen);
        close();
        go(text.trim());
      }}
    >
      <Search aria-hidden className="pointer-events-none absolute inset-y-0 start-4 my-auto size-5 text-muted" />
      <input
        ref={box}
        id={SEARCH_BOX_ID}
        type="search"
        role="combobox"
        value={text}
        onChange={(event) => {
          setClosed(false);
          setActive(-1);
          change(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
        aria-label={t`Search artists, albums and tracks`}
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-activedescendant={chosen ? `${list}-${chosen.id}` : undefined}
        placeholder={t`Artists, albums, tracks`}
        autoComplete="off"
        enterKeyHint="search"
        className="h-11 w-full appearance-none text-ellipsis rounded-full border border-line-strong/60 bg-raised ps-12 pe-12 text-ink placeholder:text-faint hover:border-line-strong focus:outline-2 focus:outline-focus [&::-webkit-search-cancel-button]:hidden"
      />
      {text ? null : (
        <kbd
          aria-hidden
          className="pointer-events-none absolute inset-y-0 end-4 my-auto hidden h-6 items-center rounded-sm border border-line-strong/60 px-2 font-text text-xs text-muted lg:flex"
        >
          /
        </kbd>
      )}
      {open ? (
        <Suspense fallback={null}>
          <Suggestions id={list} suggestions={suggestions} active={chosen?.id} choose={choose} />
        </Suspense>
      ) : null}
      <p role="status" className="sr-only">
        {open ? t`Suggestions: use the arrow keys` : null}
      </p>
    </form>
  );
}
