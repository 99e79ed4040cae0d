/** The command line as one file that other users can run, too. */
import { start } from "../../src/run.ts";

start();
