/** What stands in the place of a text that is not shown. */

/** In the place of a secret where nothing is compared. */
export const SECRET = "\u2039secret\u203a";

/** In the place of a text that may be harmless, for whoever must not see more than is known to be. */
export const TEXT = "\u2039text\u203a";
