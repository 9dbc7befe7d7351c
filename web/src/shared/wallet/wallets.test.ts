import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { signWith, useWallets, type Wallet, WalletDeclined, type WalletProvider } from "./wallets";

const provider = (answers: Record<string, unknown>): WalletProvider & { asked: unknown[] } => {
  const asked: unknown[] = [];
  return {
    asked,
    request: ({ method, params }) => {
      asked.push([method, params]);
      const answer = answers[method];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
};
const refusal = (code: number) => Object.assign(new Error("no"), { code });
const wallet = (answers: Record<string, unknown>): Wallet => ({
  id: "1",
  name: "W",
  icon: null,
  provider: provider(answers),
});
const announce = (uuid: string, icon: string, made: WalletProvider = provider({})) =>
  window.dispatchEvent(
    new CustomEvent("eip6963:announceProvider", {
      detail: { info: { uuid, name: `Wallet ${uuid}`, icon, rdns: "x" }, provider: made },
    }),
  );

afterEach(() => {
  delete window.ethereum;
});

test("a browser without a wallet has none, and one that puts itself into the page is found", () => {
  const { result, rerender } = renderHook(() => useWallets());
  expect(result.current).toEqual([]);
  window.ethereum = provider({});
  act(() => void window.dispatchEvent(new Event("ethereum#initialized")));
  rerender();
  expect(result.current.map((found) => [found.name, found.provider])).toEqual([["", window.ethereum]]);
});

test("wallets that announce themselves are all there, once each, and never with an icon that could be a page", () => {
  const asked = vi.fn();
  window.addEventListener("eip6963:requestProvider", asked);
  window.ethereum = provider({});
  const { result } = renderHook(() => useWallets());
  expect(asked).toHaveBeenCalled();
  act(() => {
    announce("a", "data:image/png;base64,AA==");
    announce("a", "data:image/png;base64,AA==");
    announce("b", "https://elsewhere.example/track.png");
    announce("c", "data:text/html,<script>");
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: { info: { uuid: "d" } } }));
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: null }));
  });
  expect(result.current.map((found) => [found.id, found.icon])).toEqual([
    ["a", "data:image/png;base64,AA=="],
    ["b", null],
    ["c", null],
  ]);
});

test("the message is signed as its bytes, by the account that was chosen", async () => {
  const made = wallet({ eth_requestAccounts: ["0xAb", "0xCd"], eth_chainId: "0x2105", personal_sign: "0x01" });
  const compose = vi.fn().mockResolvedValue("é\n");
  await expect(signWith(made, compose)).resolves.toEqual({ message: "é\n", signature: "0x01" });
  expect(compose).toHaveBeenCalledWith({ address: "0xAb", chainId: 8453 });
  expect((made.provider as unknown as { asked: unknown[] }).asked.at(-1)).toEqual([
    "personal_sign",
    ["0xc3a90a", "0xAb"],
  ]);
});

test.each([
  [{ eth_requestAccounts: refusal(4001) }, false],
  [{ eth_requestAccounts: refusal(-32002) }, true],
  [{ eth_requestAccounts: [] }, false],
  [{ eth_requestAccounts: ["0xAb"], eth_chainId: "0x1", personal_sign: refusal(4001) }, false],
  [{ eth_requestAccounts: ["0xAb"], eth_chainId: "0x1", personal_sign: null }, false],
])("an owner who does not want to is no error of ours: %o", async (answers, waiting) => {
  const refused = await signWith(wallet(answers), () => Promise.resolve("x")).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(WalletDeclined);
  expect((refused as WalletDeclined).waiting).toBe(waiting);
});

test("what breaks inside a wallet is told as it is", async () => {
  await expect(
    signWith(wallet({ eth_requestAccounts: refusal(-32603) }), () => Promise.resolve("x")),
  ).rejects.toMatchObject({ code: -32603 });
});
