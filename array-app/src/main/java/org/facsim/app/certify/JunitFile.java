/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.facsim.app.JunitXml;

/** Results for CI servers: a test case for each case. */
final class JunitFile {
  private JunitFile() {}

  static void write(List<CaseResult> results, Path file) throws IOException {
    JunitXml.write(file, "certify", results.stream().map(JunitFile::of).toList());
  }

  private static JunitXml.Case of(CaseResult result) {
    return new JunitXml.Case(
        result.of().name(),
        Optional.of(result.facts().took()),
        result.isLeftOut() ? Optional.of(result.leftOut()) : Optional.empty(),
        result.isFailed() ? Optional.of(failure(result)) : Optional.empty(),
        "");
  }

  private static JunitXml.Failure failure(CaseResult result) {
    String problems = String.join("\n", result.problems());
    String output = String.join("\n", result.facts().output());
    return new JunitXml.Failure(result.problems().get(0), problems + "\n" + output);
  }
}
