"""A wallet in the browser, whose key lies in the test. It does what EIP-4361 asks of wallets; its owner may say no."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from playwright.async_api import Page

__all__ = ["BrowserWallet", "install"]

_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E"
    "%3Crect width='8' height='8' rx='2' fill='%23{colour}'/%3E%3C/svg%3E"
)
_INTO_THE_PAGE = """(names) => {
  const made = (name) => ({
    async request({ method, params }) {
      const answer = await window.walletOfTheTest({ name, method, params: params ?? [], origin: location.origin });
      if (answer.code) throw Object.assign(new Error(answer.message), { code: answer.code });
      return answer.result;
    },
  });
  if (names.length === 1) { window.ethereum = made(names[0].name); return; }
  const announced = names.map(({ name, icon }) => Object.freeze({
    info: Object.freeze({ uuid: crypto.randomUUID(), name, icon, rdns: `org.example.${name}` }), provider: made(name),
  }));
  addEventListener("eip6963:requestProvider", () => {
    for (const detail of announced) dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  });
}"""


@dataclass
class BrowserWallet:
    """`key` is the account that its owner chooses. `refusal` is the code of EIP-1193 with which everything is answered;
    `signed` are the texts it signed, `shown` the accounts that the page may ask to sign.
    """

    key: LocalAccount = field(default_factory=Account.create)
    colour: str = "7a5cff"
    refusal: int | None = None
    signed: list[str] = field(default_factory=list)
    shown: dict[str, LocalAccount] = field(default_factory=dict)

    def answer(self, method: str, params: list[str], origin: str) -> dict[str, Any]:
        if self.refusal is not None:
            return {"code": self.refusal, "message": "no"}
        if method == "eth_requestAccounts":
            self.shown[self.key.address.lower()] = self.key
            return {"result": [self.key.address.lower()]}
        if method == "eth_chainId":
            return {"result": "0x1"}
        assert method == "personal_sign", method
        text = bytes.fromhex(params[0][2:]).decode()
        first, address, *_ = text.split("\n")
        assert first == f"{urlsplit(origin).netloc} wants you to sign in with your Ethereum account:", first
        key = self.shown[params[1]]
        assert address == key.address
        self.signed.append(text)
        return {"result": "0x" + bytes(key.sign_message(encode_defunct(text=text)).signature).hex()}


async def install(page: Page, **wallets: BrowserWallet) -> None:
    """Before the first page is opened. One puts itself into the page as older ones do; several announce themselves."""

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        return wallets[asked["name"]].answer(asked["method"], asked["params"], asked["origin"])

    names = [{"name": name, "icon": _ICON.format(colour=wallet.colour)} for name, wallet in wallets.items()]
    await page.expose_function("walletOfTheTest", answer)
    await page.add_init_script(f"({_INTO_THE_PAGE})({names!r})")
