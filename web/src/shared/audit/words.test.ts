import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { auditSentence, sentences } from "./words";

/** What the server writes into its log, read where it is declared. */
const source = readFileSync("../src/antiphon/domains/identity/api/audit.py", "utf8");
const declared = source.slice(source.indexOf("ACTIONS"), source.indexOf("\n}\n"));
const actions = [...declared.matchAll(/^ {4}"([a-z_.]+)":/gm)].map(([, action = ""]) => action);

test("every action of the audit log is told in a sentence, and no sentence is left over", () => {
  expect(actions.length).toBeGreaterThan(20);
  expect(Object.keys(sentences).sort()).toEqual([...actions].sort());
});

test("what an entry carries is part of its sentence", () => {
  expect(auditSentence("sign_in.succeeded", { method: "passkey" })).toBe("Signed in with a passkey");
  expect(auditSentence("role.granted", { role: "moderator" })).toBe("The role “Moderator” was given");
  expect(auditSentence("account.suspended", { reason: "Spam", until: "2026-12-01T12:00:00Z" })).toBe(
    "The account was suspended until December 1, 2026: Spam",
  );
  expect(auditSentence("session.ended", { reason: "password_changed" })).toBe(
    "A device was signed out, because the password was changed",
  );
});

test("an action of a newer server keeps its name", () => {
  expect(auditSentence("moon.landed", {})).toBe("moon.landed");
});
