/** Imported by a suite of many small tests, or set up for all of them: of a sample it runs those that are drawn. */
import { beforeEach } from "vitest";
import { isDrawn, isSample } from "./sample.js";

beforeEach(({ skip, task }) => {
  if (isSample && !isDrawn(`${task.file.name} ${task.suite?.name} ${task.name}`)) skip("not drawn");
});
