/** The arguments that several findings share: one name, one meaning. */
import { oneOf, orNull, text, texts } from "../model/form.ts";

/** An entry of history, by its id. */
export const entryId = (about: string) => text(about, /^[0-9a-z]{11}-[0-9a-f]{6}$/);

/** UTC, to the minute. */
export const last = text("When that was last, to the minute, in UTC.", /^\d{4}-\d\d-\d\d \d\d:\d\d$/);

export const folder = text("The project's folder.");
export const host = text("The host of the address.");
export const id = text("The provider's id.");
export const key = text("The key, dotted.");
export const keys = texts("The keys.");
export const near = orNull(text("A name that is spelt much like it; null where there is none."));
export const profile = text("The profile.");
export const server = text("The server's name.");
export const servers = texts("Names of the servers.");
export const version = text("The Codex that is edited for.");
export const words = text("The reason, in words, with secrets masked.");

export const login = oneOf(["chatgpt", "apikey"], "The kind of the stored login.");
