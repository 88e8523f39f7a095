// Prints what csp_evaluator finds in the first policy of a `_headers` file, which every path is sent: a line
// each, which begins with "serious" where it is more than a hint.
const { readFileSync } = require("node:fs");
const { Version } = require("csp_evaluator/dist/csp.js");
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { Severity } = require("csp_evaluator/dist/finding.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");

const [, policy] = /Content-Security-Policy: (.*)/.exec(readFileSync(process.argv[2], "utf8"));
const { csp } = new CspParser(policy);
for (const { severity, directive, value, description } of new CspEvaluator(csp, Version.CSP3).evaluate()) {
  const weight = severity < Severity.MEDIUM_MAYBE ? "serious" : "hint";
  console.log(`${weight}: ${directive} ${value ?? ""}: ${description}`);
}
