#!/usr/bin/env node
/** The process edge: builds the host, runs the command line, sets the exit code. */
import { main } from "./cli/main.ts";
import { realHost } from "./real-host.ts";

process.exitCode = await main(process.argv.slice(2), realHost());
